import DICOMCore
import DICOMFiles
import Testing

/// What must become of each file of the open corpus.
enum CorpusTable {
  enum Match: Equatable {
    /// SHA-256 of every frame as pydicom decodes it.
    case exact
    /// Means within a tolerance, and SHA-256 as DCMTK's tools decode it.
    case lossy(Double)
    /// pydicom refuses the file.
    case noReference
  }

  struct Used: CustomTestStringConvertible {
    let name: String
    let frames: Int
    let photometric: PhotometricInterpretation
    let match: Match
    var testDescription: String { name }
  }

  struct Refused: CustomTestStringConvertible {
    let name: String
    let reason: RefusalReason
    let detail: String
    var testDescription: String { name }
  }

  static let used: [Used] = [
    // The length field says 0xFFFFFFF0; all of the frame is there.
    used("derived_pixlen_ct2.dcm"),
    used("cs3d_ct_jpeg53.dcm"),
    used("dparser_ct0012_fragmented_no_bot_jpeg_baseline_51.dcm", frames: 2, match: .lossy(1)),
    used("dparser_ct0012_fragmented_no_bot_jpeg_lossless_57.dcm", frames: 2),
    used("dparser_ct0012_not_fragmented_bot_rle.dcm", frames: 2),
    used("dparser_us8f_fragmented_50.dcm", frames: 8, .ybrFull, match: .lossy(1)),
    used("dwv_gdcm_cr_mono1_10_chest.dcm", .monochrome1),
    used("hd_dx_image.dcm", .monochrome1),
    // Number of Frames is "1A"; the pixel data holds 15.
    used("pyd_badvr.dcm", frames: 15, match: .noReference),
    used("pyd_chrh32.dcm"),
    used("pyd_ct_small.dcm"),
    used("pyd_examples_ybr_color.dcm", frames: 30, .ybrFull, match: .lossy(1)),
    used("pyd_image_dfl.dcm"),
    // The code stream is unsigned, Pixel Representation is not.
    used("pyd_j2k_pixelrep_mismatch.dcm"),
    used("pyd_jpeg_lossy.dcm"),
    used("pyd_sc_rgb_dcmtk_eb_cr.dcm", .rgb, match: .lossy(1)),
    used("pyd_sc_rgb_jpeg_dcmtk.dcm", .ybrFull),
    used("pyd_sc_rgb_small_odd_big_endian.dcm", .rgb),
    used("pyd_sc_ybr_full_422_uncompressed.dcm", .ybrFull),
    // Bits Stored says 16, the code stream 14.
    used("pydd_693_j2kr.dcm"),
    used("pydd_emri_small_big_endian.dcm", frames: 10),
    used("pydd_gdcm_us_aloka_16_big.dcm", .paletteColor),
    used("pydd_liver_nonbyte_aligned_deflate.dcm", frames: 3, match: .noReference),
    used("pydd_mlut_18.dcm"),
    used("pydd_mr2_j2ki.dcm"),
    used("pydd_mr_siemens_dicom_withoverlays.dcm"),
    used("pydd_ot_pal_8_face.dcm", .paletteColor),
    used("pydd_vlut_04.dcm"),
    used("studyforrest_n2d_0200.dcm"),
    used("studyforrest_n2d_0201.dcm"),
    used("tcia_mr_3.dcm"),
    used("tcia_pt_1.dcm"),
    used("txv_rsna_chest_mono1.dcm", .monochrome1, match: .lossy(1)),
    used("txv_rsna_chest_mono2.dcm", match: .lossy(1)),
    used("wg04_ct2_j2ki.dcm"),
    used("wg04_ct2_j2kr.dcm"),
    used("wg04_ct2_jlsl.dcm"),
    used("wg04_ct2_jlsn.dcm"),
    used("wg04_ct2_jpll.dcm"),
    used("wg04_ct2_rle.dcm"),
    used("wg04_mg1_j2ki.dcm"),
    used("wg04_mg1_jply.dcm"),
    used("wg04_mr3_jply.dcm"),
    used("wg04_rg3_jpll.dcm", .monochrome1),
    used("wg04_us1_j2ki.dcm", .rgb),
    used("wg04_vl3_rle.dcm", .rgb),
    used("wg04_xa1_j2kr.dcm"),
    used("wg04h_ct2_jph.dcm"),
    used("wg04h_ct2_unc.dcm"),
    used("wg04h_us1_jph.dcm", .rgb),
  ]

  /// Refused for what they lack beside the image; their frames are decoded all the same.
  static let unidentified: [Used] = [
    used("pydd_bad_sequence.dcm"),
    used("pydd_htj2k_08_rgb.dcm", .rgb),
    used("pydd_htj2klossless_08_rgb.dcm", .rgb),
    used("pydd_jlsl_rgb_ilv1.dcm", .rgb),
  ]

  /// Code streams that no decoder should accept.
  static let undecodable: [Refused] = [
    refused("derived_fuzz_j2k_00004.dcm", .decodeError, "the code stream says"),
    refused("derived_fuzz_j2k_00055.dcm", .decodeError, "not a JPEG 2000 code stream"),
    refused("pyd_jpeg2000_embedded_sequence_delimiter.dcm", .decodeError, "the code stream says 3722445056"),
  ]

  static let refused: [Refused] = [
    refused("MANIFEST.csv", .notDICOM),
    refused("README.md", .notDICOM),
    refused("dcmtk.json", .notDICOM),
    refused("oracle.json", .notDICOM),
    refused("hd_sr_document.dcm", .nonImage, "Comprehensive3DSRStorage"),

    refused("derived_trunc_j2k_ct2.dcm", .truncated),
    refused("pyd_mr_truncated.dcm", .truncated),
    refused("pydd_emri_small_jpeg_2k_lossless_too_short.dcm", .truncated),

    refused("derived_rows65535_ct2.dcm", .structureRule, "frame-size"),
    // A stray byte before the first element.
    refused("pyd_no_meta.dcm", .malformedHeader, "1 bytes late"),
    refused("dwv_dwv_test_no_number_rows.dcm", .missingAttribute, "(0028,0010)"),
    // The UIDs are hexadecimal hashes, which PS3.5 9.1 forbids.
    refused("pydd_bad_sequence.dcm", .missingAttribute, "(0020,000D)"),
    refused("pydd_jlsl_rgb_ilv1.dcm", .missingAttribute, "(0020,000D)"),
    refused("pydd_parametric_map_float.dcm", .unsupportedPixelData, "Float Pixel Data"),

    refused("pydd_htj2k_08_rgb.dcm", .missingAttribute, "(0020,000D)"),
    refused("pydd_htj2klossless_08_rgb.dcm", .missingAttribute, "(0020,000D)"),
    refused("derived_mpeg2_us.dcm", .unsupportedTransferSyntax, "MPEG2 Main Profile / Main Level"),
  ]

  private static func used(
    _ name: String, frames: Int = 1, _ photometric: PhotometricInterpretation = .monochrome2, match: Match = .exact
  ) -> Used {
    Used(name: name, frames: frames, photometric: photometric, match: match)
  }

  private static func refused(_ name: String, _ reason: RefusalReason, _ detail: String = "") -> Refused {
    Refused(name: name, reason: reason, detail: detail)
  }
}
