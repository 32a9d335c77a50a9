//! The models that read pictures: what is refused leaves nothing behind, and who lacks them is told how to get them. No
//! test needs the models.

use crate::cli::{Folder, assert_refused, code, err, out, run};
use crate::{archive, root};
use gouji::error::GET_MODELS;
use gouji::source::{DETECTION, RECOGNITION};
use std::fs;
use std::path::Path;

/// Two pages that hold a picture each and no text.
const PICTURES: &str = "fixtures/broken/images-only/input.pdf";

/// A package that cannot be installed is refused with these words, and what was in the folder before is all that is there.
fn assert_not_installed(package: &Path, words: &str) {
    let target = Folder::new("models-target");
    let held = target.file(DETECTION.name);
    fs::write(&held, "mine").unwrap();
    let fresh = target.file("fresh");
    for folder in [target.0.to_str().unwrap(), &fresh] {
        let output = run(&["models", "install", "--from", package.to_str().unwrap(), "--models", folder]);
        assert_refused(&output, "models");
        assert!(err(&output).contains(words), "{}", err(&output));
        assert!(GET_MODELS.iter().all(|command| err(&output).contains(command)), "{}", err(&output));
    }
    assert_eq!(target.names(), [DETECTION.name]);
    assert_eq!(fs::read_to_string(held).unwrap(), "mine");
}

#[test]
fn a_package_without_the_models_is_refused() {
    let folder = Folder::new("models-none");
    let wheel = folder.0.join("a.whl");
    fs::write(&wheel, archive(&[("rapidocr/main.py", b"x"), ("MODEL_LICENSES.md", b"x")])).unwrap();
    assert_not_installed(&wheel, "this wheel holds no PP-OCRv6_det_small.onnx; gouji needs rapidocr 3.10.0");
    assert_not_installed(&folder.0, "this folder holds no PP-OCRv6_det_small.onnx");
}

#[test]
fn another_file_under_the_name_of_a_model_is_refused() {
    let folder = Folder::new("models-other");
    let wheel = folder.0.join("a.whl");
    fs::write(&wheel, archive(&[("a/PP-OCRv6_rec_small.onnx", b"x"), ("b/PP-OCRv6_det_small.onnx", b"x")])).unwrap();
    assert_not_installed(&wheel, "the PP-OCRv6_det_small.onnx of this wheel is another file");
    for model in [DETECTION, RECOGNITION] {
        fs::write(folder.file(model.name), "x").unwrap();
    }
    assert_not_installed(&folder.0, "the PP-OCRv6_det_small.onnx of this folder is another file");
}

#[test]
fn what_is_no_wheel_is_refused() {
    let folder = Folder::new("models-cut");
    let file = folder.0.join("a.whl");
    let whole = archive(&[(DETECTION.name, b"x"), (RECOGNITION.name, b"x")]);
    for bytes in [&whole[..whole.len() - 30], b"", b"%PDF-1.7"] {
        fs::write(&file, bytes).unwrap();
        assert_not_installed(&file, "no wheel, or is cut off or damaged");
    }
    let absent = run(&["models", "install", "--from", &folder.file("none"), "--models", &folder.file("to")]);
    assert_refused(&absent, "io");
    let chinese =
        ["models", "install", "--from", file.to_str().unwrap(), "--models", &folder.file("to"), "--lang", "zh"];
    assert!(err(&run(&chinese)).contains("不是 wheel 文件"));
}

#[test]
fn the_status_says_what_is_there_and_how_to_get_the_rest() {
    let folder = Folder::new("models-status");
    fs::write(folder.file(DETECTION.name), "x").unwrap();
    let at = folder.0.to_str().unwrap();
    let output = run(&["models", "status", "--models", at]);
    assert_eq!((code(&output), err(&output)), (1, ""));
    assert!(out(&output).contains("PP-OCRv6_det_small.onnx: another file than it should be\n"), "{}", out(&output));
    assert!(out(&output).contains("PP-OCRv6_rec_small.onnx: missing\n"), "{}", out(&output));
    let [download, install] = GET_MODELS;
    assert!(out(&output).ends_with(&format!("  {download}\n  {install} --models {at}\n")), "{}", out(&output));
    assert!(out(&run(&["models", "status", "--models", at, "--lang", "zh"])).contains("缺失"));
}

/// The other tests rest on it: those of a tester who has the models must give the same.
#[cfg(unix)]
#[test]
fn models_of_the_tester_are_not_seen() {
    let output = run(&["models", "status"]);
    assert_eq!(code(&output), 1);
    assert!(out(&output).starts_with(env!("CARGO_TARGET_TMPDIR")), "{}", out(&output));
}

#[test]
fn who_lacks_the_models_is_told_how_to_get_them() {
    let folder = Folder::new("models-lacking");
    let empty = folder.0.to_str().unwrap();
    for command in ["extract", "check", "tables", "inspect"] {
        for lang in ["en", "zh"] {
            let output = run(&[command, PICTURES, "--models", empty, "--lang", lang]);
            assert_refused(&output, "no-text");
            assert!(GET_MODELS.iter().all(|command| err(&output).contains(command)), "{}", err(&output));
        }
    }
    for lang in ["en", "zh"] {
        let explained = run(&["explain", "no-text", "--lang", lang]);
        assert!(GET_MODELS.iter().all(|command| out(&explained).contains(command)), "{}", out(&explained));
    }
}

#[test]
fn every_command_that_reads_uses_the_models_that_it_is_given() {
    let folder = Folder::new("models-given");
    for model in [DETECTION, RECOGNITION] {
        fs::write(folder.file(model.name), "x").unwrap();
    }
    let given = folder.0.to_str().unwrap();
    for command in ["extract", "check", "tables", "inspect"] {
        let output = run(&[command, PICTURES, "--models", given]);
        assert_refused(&output, "models");
        assert!(err(&output).contains("is not the file it should be"), "{}", err(&output));
    }
    #[cfg(feature = "batch")]
    {
        let ledger = folder.file("out");
        run(&["batch", root().join(PICTURES).to_str().unwrap(), "--out", &ledger, "--models", given]);
        let rows = fs::read_to_string(Path::new(&ledger).join("ledger.csv")).unwrap();
        assert!(rows.contains("models"), "{rows}");
    }
}
