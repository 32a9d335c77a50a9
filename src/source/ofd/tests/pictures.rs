//! What of a page is drawn.

use super::*;
use crate::source::ofd::draw::{Drawing, draw};
use crate::source::zipped::store;
use std::io::Cursor;

fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let black = image::RgbImage::from_pixel(width, height, image::Rgb([0, 0, 200]));
    black.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

fn picture(objects: &str, media: &[u8], limits: &Limits) -> Result<Drawing> {
    let document = document("<DocumentRes>Res.xml</DocumentRes>", "<Page ID='1' BaseLoc='P.xml'/>");
    let resources = "<Res BaseLoc='Res'><MultiMedias><MultiMedia ID='5' Type='Image'><MediaFile>a.png</MediaFile></MultiMedia>\
                     </MultiMedias></Res>";
    let content = page(objects);
    let members = [
        ("OFD.xml", ROOT.as_bytes()),
        ("Doc_0/Document.xml", document.as_bytes()),
        ("Doc_0/Res.xml", resources.as_bytes()),
        ("Doc_0/P.xml", content.as_bytes()),
        ("Doc_0/Res/a.png", media),
    ];
    let bytes = store(members)?;
    draw(&mut Book::open(&bytes, limits)?, 0, 25.4 / 72.0, limits)
}

const IMAGE: &str = "<ImageObject Boundary='10 20 30 40' CTM='30 0 0 40 0 0' ResourceID='5'/>";

/// The colour of the pixel at that millimetre.
fn at(drawing: &Drawing, x: usize, y: usize) -> &[u8] {
    &drawing.raster.rgb[3 * (y * drawing.raster.width + x)..][..3]
}

#[test]
fn images_fills_and_strokes_are_drawn() {
    let red = "<FillColor Value='255 0 0'/>";
    let round = path("Fill='true' Stroke='false'", red, "M 60 110 A 10 10 0 0 1 80 110 A 10 10 0 0 1 60 110 C");
    let objects = IMAGE.to_owned() + &round + &path("LineWidth='4'", "", "M 10 150 L 90 150") + &text("", "字");
    let drawing = picture(&objects, &png(300, 8), &Limits::default()).unwrap();
    assert_eq!((drawing.raster.width, drawing.raster.height, drawing.whole), (100, 200, true));
    assert_eq!(at(&drawing, 25, 40), [0, 0, 200]);
    assert_eq!(at(&drawing, 70, 103), [255, 0, 0]);
    assert_eq!(at(&drawing, 50, 150), [0; 3]);
    assert_eq!([at(&drawing, 5, 5), at(&drawing, 61, 101), at(&drawing, 50, 155)], [[255; 3]; 3]);
}

#[test]
fn wild_numbers_are_drawn_or_left() {
    let wild = "M 0 0 L 1e7 1e7 L -1e7 3 B 1e7 1e7 0 0 -1e7 1e7 A 1e7 1e-9 30 1 1 9 -1e7 C";
    let grown = path("CTM='1e7 0 3 1e7 1e7 -1e7' Fill='true' LineWidth='1e6'", "<FillColor Value='9 9 9'/>", wild);
    let image = IMAGE.replace("30 0 0 40 0 0", "1e7 -1e7 1e7 0 0 1e7");
    assert!(picture(&(grown + &image), &png(3, 3), &Limits::default()).is_ok());
}

#[test]
fn an_image_of_no_known_kind_is_said() {
    assert!(!picture(IMAGE, b"nothing", &Limits::default()).unwrap().whole);
    assert!(!picture(&IMAGE.replace("'5'", "'6'"), b"", &Limits::default()).unwrap().whole);
}

#[test]
fn a_size_is_believed_before_anything_is_decoded() {
    let mut huge = png(8, 8);
    // The header's checksum is wrong from here on, which no decoder gets to see.
    huge[16..24].copy_from_slice(&[0, 1, 0, 0, 0, 1, 0, 0]);
    let error = |media: &[u8]| {
        picture(IMAGE, media, &Limits { unpacked_bytes: 4_000, ..Limits::default() }).err().map(|e| e.code())
    };
    assert_eq!(error(&png(8, 8)), None);
    assert_eq!(error(&png(40, 40)), Some("limit"));
    assert!(picture(IMAGE, &huge, &Limits::default()).is_ok_and(|drawing| !drawing.whole));
}
