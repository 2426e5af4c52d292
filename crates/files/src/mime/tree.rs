//! The table of types. The order counts: the first test that passes decides, and text comes last.

use super::{
    Head, Kind,
    Test::{self, At, Brand, Check, Script, Starts, Xml},
    archive, binary, image, media, office,
    text::{self, Interpreters},
};

const fn kind(name: &'static str, extension: &'static str, test: Test) -> Kind {
    Kind::new(name, extension, test)
}

/// Every file; what no test knows stays this.
pub(super) static UNKNOWN: Kind = kind("application/octet-stream", "", Check(|_| true)).narrower(ROOT);

#[rustfmt::skip]
static ROOT: &[Kind] = &[
    kind("image/x-xpixmap", ".xpm", Starts(&[b"/* XPM */"])),
    kind("application/x-7z-compressed", ".7z", Starts(&[b"7z\xbc\xaf\x27\x1c"])),
    kind("application/zip", ".zip", Check(archive::zip))
        .alias(&["application/x-zip", "application/x-zip-compressed"])
        .narrower(ZIP),
    kind("application/pdf", ".pdf", Check(|head| super::bytes::contains(super::bytes::first(head.bytes, 1024), b"%PDF-")))
        .alias(&["application/x-pdf"]),
    kind("application/vnd.fdf", ".fdf", Starts(&[b"%FDF"])),
    kind("application/x-ole-storage", "", Starts(&[b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"])).narrower(OLE),
    kind("application/postscript", ".ps", Starts(&[b"%!PS-Adobe-"])),
    kind("image/vnd.adobe.photoshop", ".psd", Starts(&[b"8BPS"])).alias(&["image/x-psd", "application/photoshop"]),
    kind("application/pkcs7-signature", ".p7s", Check(office::pkcs7_signature)),
    kind("application/ogg", ".ogg", Starts(&[b"OggS\0"])).alias(&["application/x-ogg"]).narrower(OGG),
    kind("image/png", ".png", Starts(&[b"\x89PNG\r\n\x1a\n"]))
        .narrower(&[kind("image/vnd.mozilla.apng", ".png", At(0, &[(37, b"acTL")]))]),
    kind("image/jpeg", ".jpg", Starts(&[b"\xff\xd8\xff"])),
    kind("image/jxl", ".jxl", Starts(&[b"\xff\x0a", b"\0\0\0\x0cJXL \r\n\x87\n"])),
    kind("image/jp2", ".jp2", Check(|head| image::jpeg_2000(head, b"jp2 "))),
    kind("image/jpx", ".jpf", Check(|head| image::jpeg_2000(head, b"jpx "))),
    kind("image/jpm", ".jpm", Check(|head| image::jpeg_2000(head, b"jpm "))).alias(&["video/jpm"]),
    kind("image/jxs", ".jxs", Starts(&[b"\0\0\0\x0cJXS \r\n\x87\n"])),
    kind("image/gif", ".gif", Starts(&[b"GIF87a", b"GIF89a"])),
    kind("image/webp", ".webp", At(13, &[(0, b"RIFF"), (8, b"WEBP")])),
    kind("application/vnd.microsoft.portable-executable", ".exe", Starts(&[b"MZ"])),
    kind("application/x-elf", "", Starts(&[b"\x7fELF"])).narrower(ELF),
    kind("application/x-archive", ".a", Starts(&[b"!<arch>"]))
        .alias(&["application/x-unix-archive"])
        .narrower(&[kind("application/vnd.debian.binary-package", ".deb", At(0, &[(8, b"debian-binary")]))]),
    kind("application/x-tar", ".tar", Check(archive::tar)),
    kind("application/x-xar", ".xar", Starts(&[b"xar!"])),
    kind("application/x-bzip2", ".bz2", Starts(&[b"BZh"])),
    kind("application/fits", ".fits", Starts(&[b"SIMPLE  =                    T"])).alias(&["image/fits"]),
    kind("image/tiff", ".tiff", Starts(&[b"II*\0", b"MM\0*"])),
    kind("image/bmp", ".bmp", Check(image::bmp)).alias(&["image/x-bmp", "image/x-ms-bmp"]),
    // Before icons, whose test is so loose that it takes some of these.
    kind("application/vnd.lotus-1-2-3", ".123", Check(office::lotus)),
    kind("image/x-icon", ".ico", Starts(&[b"\0\0\x01\0", b"\0\0\x02\0"])),
    kind("audio/mpeg", ".mp3", Check(media::mp3)).alias(&["audio/x-mpeg", "audio/mp3"]),
    kind("audio/flac", ".flac", Starts(&[b"fLaC\0\0\0\x22"])),
    kind("audio/midi", ".midi", Starts(&[b"MThd"]))
        .alias(&["audio/mid", "audio/sp-midi", "audio/x-mid", "audio/x-midi"]),
    kind("audio/ape", ".ape", Starts(&[b"MAC \x96\x0f\0\x004\0\0\0\x18\0\0\0\x90\xe3"])),
    kind("audio/musepack", ".mpc", Starts(&[b"MPCK"])),
    kind("audio/amr", ".amr", Starts(&[b"#!AMR"])).alias(&["audio/amr-nb"]),
    kind("audio/wav", ".wav", At(13, &[(0, b"RIFF"), (8, b"WAVE")]))
        .alias(&["audio/x-wav", "audio/vnd.wave", "audio/wave"]),
    kind("audio/aiff", ".aiff", At(13, &[(0, b"FORM"), (8, b"AIFF")])).alias(&["audio/x-aiff"]),
    kind("audio/basic", ".au", Starts(&[b".snd"])),
    kind("video/mpeg", ".mpeg", Check(media::mpeg)),
    kind("video/quicktime", ".mov", Check(media::quick_time)),
    kind("video/mp4", ".mp4", At(12, &[(0, b"\0"), (4, b"ftyp")])).narrower(MP4),
    kind("video/webm", ".webm", Check(|head| media::matroska(head, b"webm"))).alias(&["audio/webm"]),
    kind("video/x-msvideo", ".avi", At(17, &[(0, b"RIFF"), (8, b"AVI LIST")]))
        .alias(&["video/avi", "video/msvideo"]),
    kind("video/x-flv", ".flv", Starts(&[b"FLV\x01"])),
    kind("video/x-matroska", ".mkv", Check(|head| media::matroska(head, b"matroska"))),
    kind("video/x-ms-asf", ".asf", Starts(&[b"\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\x00\xaa\x00\x62\xce\x6c"]))
        .alias(&["video/asf", "video/x-ms-wmv"]),
    kind("audio/aac", ".aac", Starts(&[b"\xff\xf1", b"\xff\xf9"])),
    kind("audio/x-unknown", ".voc", Starts(&[b"Creative Voice File"])),
    kind("application/vnd.apple.mpegurl", ".m3u", Starts(&[b"#EXTM3U\n", b"#EXTM3U\r\n"]))
        .alias(&["audio/mpegurl", "application/x-mpegurl"]),
    kind("application/vnd.rn-realmedia-vbr", ".rmvb", Starts(&[b".RMF"])),
    kind("application/gzip", ".gz", Starts(&[b"\x1f\x8b"])).alias(&[
        "application/x-gzip", "application/x-gunzip", "application/gzipped", "application/gzip-compressed",
        "application/x-gzip-compressed", "gzip/document",
    ]),
    kind("application/x-java-applet", ".class", Check(binary::java_class)),
    kind("application/x-shockwave-flash", ".swf", Starts(&[b"CWS", b"FWS", b"ZWS"])),
    kind("application/x-chrome-extension", ".crx", Check(archive::crx)),
    kind("font/ttf", ".ttf", Check(binary::true_type))
        .alias(&["font/sfnt", "application/x-font-ttf", "application/font-sfnt"]),
    kind("font/woff", ".woff", Starts(&[b"wOFF"])),
    kind("font/woff2", ".woff2", Starts(&[b"wOF2"])),
    kind("font/otf", ".otf", Check(binary::open_type)),
    kind("font/collection", ".ttc", Starts(&[b"ttcf\0\x01\0\0", b"ttcf\0\x02\0\0"])),
    kind("application/vnd.ms-fontobject", ".eot", Check(binary::embedded_open_type)),
    kind("application/wasm", ".wasm", Starts(&[b"\0asm"])),
    kind("application/vnd.shx", ".shx", Starts(&[b"\0\0\x27\x0a"]))
        .narrower(&[kind("application/vnd.shp", ".shp", Check(binary::shape))]),
    kind("application/x-dbf", ".dbf", Check(binary::dbf)),
    kind("application/dicom", ".dcm", At(0, &[(128, b"DICM")])),
    kind("application/x-rar-compressed", ".rar", Starts(&[b"Rar!\x1a\x07\0", b"Rar!\x1a\x07\x01\0"]))
        .alias(&["application/x-rar"]),
    kind("image/vnd.djvu", ".djvu", Check(image::djvu)),
    kind("application/x-mobipocket-ebook", ".mobi", At(0, &[(60, b"BOOKMOBI")])),
    kind("application/x-ms-reader", ".lit", Starts(&[b"ITOLITLS"])),
    kind("image/bpg", ".bpg", Starts(&[b"BPG\xfb"])),
    kind("application/cbor", ".cbor", Starts(&[b"\xd9\xd9\xf7"])),
    kind("application/vnd.sqlite3", ".sqlite", Starts(&[b"SQLite format 3\0"])).alias(&["application/x-sqlite3"]),
    kind("image/vnd.dwg", ".dwg", Check(image::dwg)).alias(&[
        "image/x-dwg", "application/acad", "application/x-acad", "application/autocad_dwg", "application/dwg",
        "application/x-dwg", "application/x-autocad", "drawing/dwg",
    ]),
    kind("application/vnd.nintendo.snes.rom", ".nes", Starts(&[b"NES\x1a"])),
    kind("application/x-ms-shortcut", ".lnk", Starts(&[b"L\0\0\0\x01\x14\x02\0"])),
    kind("application/x-mach-binary", ".macho", Check(binary::mach_o)),
    kind("audio/qcelp", ".qcp", At(13, &[(0, b"RIFF"), (8, b"QLCM")])),
    kind("image/x-icns", ".icns", Starts(&[b"icns"])),
    kind("image/vnd.radiance", ".hdr", Starts(&[b"#?RADIANCE\n"])),
    kind("application/marc", ".mrc", Check(binary::marc)),
    kind("application/x-msaccess", ".mdb", At(0, &[(4, b"Standard Jet DB")])),
    kind("application/x-msaccess", ".accdb", At(0, &[(4, b"Standard ACE DB")])),
    kind("application/zstd", ".zst", Check(archive::zstd)),
    kind("application/vnd.ms-cab-compressed", ".cab", Starts(&[b"MSCF\0\0\0\0"])),
    kind("application/x-rpm", ".rpm", Starts(&[b"\xed\xab\xee\xdb", b"drpm"])),
    kind("application/x-xz", ".xz", Starts(&[b"\xfd7zXZ\0"])),
    kind("application/lzip", ".lz", Starts(&[b"LZIP"])).alias(&["application/x-lzip"]),
    kind("application/x-bittorrent", ".torrent", Starts(&[b"d8:announce"])),
    kind("application/x-cpio", ".cpio", Check(archive::cpio)),
    kind("application/tzif", "", Check(binary::time_zone)),
    kind("image/x-xcf", ".xcf", Starts(&[b"gimp xcf"])),
    kind("image/x-gimp-pat", ".pat", At(0, &[(20, b"GPAT")])),
    kind("image/x-gimp-gbr", ".gbr", At(0, &[(20, b"GIMP")])),
    kind("model/gltf-binary", ".glb", Starts(&[b"glTF\x02\0\0\0", b"glTF\x01\0\0\0"])),
    kind("application/x-installshield", ".cab", Check(archive::install_shield_cab)),
    kind("image/jxr", ".jxr", Starts(&[b"II\xbc\x01"])).alias(&["image/vnd.ms-photo"]),
    kind("application/vnd.apache.parquet", ".parquet", Starts(&[b"PAR1"])).alias(&["application/x-parquet"]),
    kind("application/onenote", ".one", Starts(&[b"\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d\xae\xb1\x53\x78\xd0\x29\x96\xd3"])),
    kind("application/vnd.ms-htmlhelp", ".chm", Starts(&[b"ITSF\x03\0\0\0\x60\0\0\0"])),
    kind("application/vnd.wordperfect", ".wpd", At(0, &[(0, b"\xffWPC"), (8, b"\x01\x0a")])),
    kind("image/vnd.dxf", ".dxf",
        Starts(&[b"  0\nSECTION\n", b"  0\r\nSECTION\r\n", b"0\nSECTION\n", b"0\r\nSECTION\r\n"])),
    kind("application/grib", ".grb", Check(|head| binary::weather(head, b"GRIB", [1, 2]))),
    kind("application/zlib", "", Check(archive::zlib)),
    kind("application/x-os2-inf", ".inf", Starts(&[b"HSP\x01\x9b\0"])),
    kind("application/x-os2-hlp", ".hlp", Starts(&[b"HSP\x10\x9b\0"])),
    kind("application/vnd.framemaker", ".fm", Check(office::frame_maker)),
    kind("application/bufr", ".bufr", Check(|head| binary::weather(head, b"BUFR", [3, 4]))),
    kind("text/plain", ".txt", Check(text::is_text)).narrower(TEXT),
];

/// A zip whose first entry, uncompressed, is named `mimetype` and holds the type.
macro_rules! open_document {
    ($name:literal, $extension:literal) => {
        kind(
            concat!("application/vnd.oasis.opendocument.", $name),
            $extension,
            At(0, &[(30, concat!("mimetypeapplication/vnd.oasis.opendocument.", $name).as_bytes())]),
        )
        .alias(&[concat!("application/x-vnd.oasis.opendocument.", $name)])
    };
}

#[rustfmt::skip]
static ZIP: &[Kind] = &[
    kind("application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx",
        Check(|head| archive::office(head, b"word/"))),
    kind("application/vnd.openxmlformats-officedocument.presentationml.presentation", ".pptx",
        Check(|head| archive::office(head, b"ppt/"))),
    kind("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx",
        Check(|head| archive::office(head, b"xl/"))),
    kind("application/epub+zip", ".epub", At(0, &[(30, b"mimetypeapplication/epub+zip")])),
    // Before Java archives, which these are as well.
    kind("application/vnd.android.package-archive", ".apk", Check(archive::apk)),
    kind("application/java-archive", ".jar", Check(archive::jar))
        .alias(&["application/jar", "application/jar-archive", "application/x-java-archive"]),
    open_document!("text", ".odt").narrower(&[open_document!("text-template", ".ott")]),
    open_document!("spreadsheet", ".ods").narrower(&[open_document!("spreadsheet-template", ".ots")]),
    open_document!("presentation", ".odp").narrower(&[open_document!("presentation-template", ".otp")]),
    open_document!("graphics", ".odg").narrower(&[open_document!("graphics-template", ".otg")]),
    open_document!("formula", ".odf"),
    open_document!("chart", ".odc"),
    kind("application/vnd.sun.xml.calc", ".sxc", At(0, &[(30, b"mimetypeapplication/vnd.sun.xml.calc")])),
    kind("application/vnd.google-earth.kmz", ".kmz", Check(archive::kmz)),
    kind("application/vnd.ms-visio.drawing.main+xml", ".vsdx", Check(|head| archive::office(head, b"visio/"))),
];

/// The class ids of these formats end alike.
macro_rules! class_id {
    ($a:literal, $b:literal, $c:literal) => {
        &[$a, $b, $c, 0, 0, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0x46]
    };
}

fn word(head: Head<'_>) -> bool {
    office::ole(head, &[class_id!(6, 9, 2), class_id!(0, 9, 2), class_id!(7, 9, 2)])
}

#[rustfmt::skip]
static OLE: &[Kind] = &[
    kind("application/x-ms-installer", ".msi", Check(|head| office::ole(head, &[class_id!(0x84, 0x10, 0x0c)])))
        .alias(&["application/x-windows-installer", "application/x-msi"]),
    kind("application/vnd.ms-outlook", ".msg", Check(|head| office::ole(head, &[class_id!(0x0b, 0x0d, 2)]))),
    kind("application/vnd.ms-excel", ".xls", Check(office::excel)).alias(&["application/msexcel"]),
    kind("application/vnd.ms-publisher", ".pub", Check(|head| {
        office::ole(head, &[&[0x01, 0x12, 0x02, 0, 0, 0, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0x46]])
    })),
    kind("application/vnd.ms-powerpoint", ".ppt", Check(office::powerpoint)).alias(&["application/mspowerpoint"]),
    kind("application/msword", ".doc", Check(word)).alias(&["application/vnd.ms-word"]),
];

#[rustfmt::skip]
static OGG: &[Kind] = &[
    kind("audio/ogg", ".oga",
        Check(|head| media::ogg(head, &[b"\x7fFLAC", b"\x01vorbis", b"OpusHead", b"Speex   "]))),
    kind("video/ogg", ".ogv", Check(|head| media::ogg(head, &[b"\x80theora", b"fishead\0", b"\x01video\0\0\0"]))),
];

#[rustfmt::skip]
static ELF: &[Kind] = &[
    kind("application/x-object", "", Check(|head| binary::elf(head, 1))),
    kind("application/x-executable", "", Check(|head| binary::elf(head, 2))),
    kind("application/x-sharedlib", ".so", Check(|head| binary::elf(head, 3))),
    kind("application/x-coredump", "", Check(|head| binary::elf(head, 4))),
];

#[rustfmt::skip]
static MP4: &[Kind] = &[
    kind("image/avif", ".avif", Brand(&[b"avif", b"avis"])),
    kind("video/3gpp", ".3gp", Brand(&[
        b"3gp1", b"3gp2", b"3gp3", b"3gp4", b"3gp5", b"3gp6", b"3gp7", b"3gs7", b"3ge6", b"3ge7", b"3gg6",
    ])).alias(&["video/3gp", "audio/3gpp"]),
    kind("video/3gpp2", ".3g2", Brand(&[b"3g24", b"3g25", b"3g26", b"3g2a", b"3g2b", b"3g2c", b"KDDI"]))
        .alias(&["video/3g2", "audio/3gpp2"]),
    kind("audio/mp4", ".mp4", Brand(&[b"F4A ", b"F4B ", b"M4B ", b"M4P ", b"MSNV", b"NDAS"])).alias(&["audio/x-mp4a"]),
    kind("video/quicktime", ".mqv", Brand(&[b"mqt "])),
    kind("audio/x-m4a", ".m4a", Brand(&[b"M4A "])),
    kind("video/x-m4v", ".m4v", Brand(&[b"M4V ", b"M4VH", b"M4VP"])),
    kind("image/heic", ".heic", Brand(&[b"heic", b"heix"])),
    kind("image/heic-sequence", ".heic", Brand(&[b"hevc", b"hevx"])),
    kind("image/heif", ".heif", Brand(&[b"mif1", b"heim", b"heis", b"avic"])),
    kind("image/heif-sequence", ".heif", Brand(&[b"msf1", b"hevm", b"hevs", b"avcs"])),
    kind("video/mj2", ".mj2", Brand(&[b"mj2s", b"mjp2", b"MFSM", b"MGSV"])),
    kind("video/vnd.dvb.file", ".dvb", Brand(&[
        b"dby1", b"dsms", b"dts1", b"dts2", b"dts3", b"dxo ", b"dmb1", b"dmpf", b"drc1", b"dv1a", b"dv1b", b"dv2a",
        b"dv2b", b"dv3a", b"dv3b", b"dvr1", b"dvt1", b"emsg",
    ])),
];

#[rustfmt::skip]
static TEXT: &[Kind] = &[
    kind("image/svg+xml", ".svg", Check(text::svg)),
    kind("text/html", ".html", Check(text::html)),
    kind("text/xml", ".xml", Check(text::xml)).alias(&["application/xml"]).narrower(XML),
    kind("text/x-php", ".php", Check(text::php)),
    kind("text/javascript", ".js", Script(Interpreters {
        paths: &["/bin/node", "/usr/bin/node"], names: &["node"], whole_word: false,
    })).alias(&["application/x-javascript", "application/javascript"]),
    kind("text/x-lua", ".lua", Script(Interpreters {
        paths: &["/usr/bin/lua", "/usr/local/bin/lua"], names: &["lua"], whole_word: true,
    })),
    kind("text/x-perl", ".pl", Script(Interpreters { paths: &["/usr/bin/perl"], names: &["perl"], whole_word: true })),
    kind("text/x-python", ".py", Script(Interpreters {
        paths: &["/usr/bin/python", "/usr/local/bin/python"], names: &["python"], whole_word: false,
    })).alias(&["text/x-script.python", "application/x-python"]),
    kind("text/x-ruby", ".rb", Script(Interpreters {
        paths: &["/usr/bin/ruby", "/usr/local/bin/ruby"], names: &["ruby"], whole_word: false,
    })).alias(&["application/x-ruby"]),
    kind("application/json", ".json", Check(text::json)).narrower(JSON),
    kind("application/x-ndjson", ".ndjson", Check(text::nd_json)),
    kind("text/rtf", ".rtf", Starts(&[b"{\\rtf"])).alias(&["application/rtf"]),
    kind("application/x-subrip", ".srt", Check(text::sub_rip)).alias(&["application/x-srt", "text/x-srt"]),
    kind("text/x-tcl", ".tcl", Script(Interpreters {
        paths: &["/usr/bin/tcl", "/usr/local/bin/tcl", "/usr/bin/wish", "/usr/local/bin/wish"],
        names: &["tcl", "wish"],
        whole_word: false,
    })).alias(&["application/x-tcl"]),
    kind("text/csv", ".csv", Check(text::csv)),
    kind("text/tab-separated-values", ".tsv", Check(text::tsv)),
    kind("text/vcard", ".vcf", Check(text::vcard)),
    kind("text/calendar", ".ics", Check(text::calendar)),
    kind("application/warc", ".warc", Starts(&[b"WARC/1.0", b"WARC/1.1"])),
    kind("text/vtt", ".vtt", Check(text::web_vtt)),
    kind("text/x-shellscript", ".sh", Script(Interpreters {
        paths: &[
            "/bin/sh", "/bin/bash", "/usr/local/bin/bash", "/bin/csh", "/usr/local/bin/csh", "/bin/dash",
            "/usr/local/bin/dash", "/bin/ksh", "/usr/local/bin/ksh", "/bin/tcsh", "/usr/local/bin/tcsh", "/bin/zsh",
            "/usr/local/bin/zsh",
        ],
        names: &["bash", "csh", "dash", "ksh", "tcsh", "zsh"],
        whole_word: true,
    })).alias(&["text/x-sh", "application/x-shellscript", "application/x-sh"]),
    kind("image/x-portable-bitmap", ".pbm", Check(|head| image::netpbm(head, b"P1\n", b"P4\n"))),
    kind("image/x-portable-graymap", ".pgm", Check(|head| image::netpbm(head, b"P2\n", b"P5\n"))),
    kind("image/x-portable-pixmap", ".ppm", Check(|head| image::netpbm(head, b"P3\n", b"P6\n"))),
    kind("image/x-portable-arbitrarymap", ".pam", Check(image::netpbm_any)),
    kind("message/rfc822", ".eml", Check(text::mail)),
];

#[rustfmt::skip]
static JSON: &[Kind] = &[
    kind("application/geo+json", ".geojson", Check(text::geo_json)),
    kind("application/json", ".har", Check(text::har)),
    kind("model/gltf+json", ".gltf", Check(text::gltf)),
];

#[rustfmt::skip]
static XML: &[Kind] = &[
    kind("application/rss+xml", ".rss", Xml(&[("<rss", "")])).alias(&["text/rss"]),
    kind("application/atom+xml", ".atom", Xml(&[("<feed", r#"xmlns="http://www.w3.org/2005/Atom""#)])),
    kind("model/x3d+xml", ".x3d", Xml(&[("<X3D", r#"xmlns:xsd="http://www.w3.org/2001/XMLSchema-instance""#)])),
    kind("application/vnd.google-earth.kml+xml", ".kml", Xml(&[
        ("<kml", r#"xmlns="http://www.opengis.net/kml/2.2""#),
        ("<kml", r#"xmlns="http://earth.google.com/kml/2.0""#),
        ("<kml", r#"xmlns="http://earth.google.com/kml/2.1""#),
        ("<kml", r#"xmlns="http://earth.google.com/kml/2.2""#),
    ])),
    kind("application/x-xliff+xml", ".xlf", Xml(&[
        ("<xliff", r#"xmlns="urn:oasis:names:tc:xliff:document:1.2""#),
    ])),
    kind("model/vnd.collada+xml", ".dae", Xml(&[
        ("<COLLADA", r#"xmlns="http://www.collada.org/2005/11/COLLADASchema""#),
    ])),
    kind("application/gml+xml", ".gml", Xml(&[
        ("", r#"xmlns:gml="http://www.opengis.net/gml""#),
        ("", r#"xmlns:gml="http://www.opengis.net/gml/3.2""#),
        ("", r#"xmlns:gml="http://www.opengis.net/gml/3.3/exr""#),
    ])),
    kind("application/gpx+xml", ".gpx", Xml(&[("<gpx", r#"xmlns="http://www.topografix.com/GPX/1/1""#)])),
    kind("application/vnd.garmin.tcx+xml", ".tcx", Xml(&[(
        "<TrainingCenterDatabase",
        r#"xmlns="http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2""#,
    )])),
    kind("application/x-amf", ".amf", Xml(&[("<amf", "")])),
    kind("application/vnd.ms-package.3dmanufacturing-3dmodel+xml", ".3mf", Xml(&[
        ("<model", r#"xmlns="http://schemas.microsoft.com/3dmanufacturing/core/2015/02""#),
    ])),
    kind("application/vnd.adobe.xfdf", ".xfdf", Xml(&[("<xfdf", r#"xmlns="http://ns.adobe.com/xfdf/""#)])),
    kind("application/owl+xml", ".owl", Xml(&[("<Ontology", r#"xmlns="http://www.w3.org/2002/07/owl#""#)])),
    kind("application/xhtml+xml", ".html", Check(text::xhtml)),
];
