internal import CDCMTK

/// The libraries behind this module.
package enum DICOMLibrary {
  /// DCMTK's version, such as `3.6.7`.
  package static var version: String { unsafe String(cString: cdcmtk_version()) }
  /// OpenJPEG's version, such as `2.5.0`.
  package static var openJPEGVersion: String { unsafe String(cString: cdcmtk_openjpeg_version()) }

  /// Loads everything that is loaded on first use: codecs, the data dictionary, the converters of character sets.
  ///
  /// Afterwards reading needs no file but the one that is read.
  static func prepare() {
    cdcmtk_prepare()
    _ = cdcmtk_has_dictionary()
    for encoding in CharacterRepertoire.encodings { _ = unsafe cdcmtk_text_keep(encoding) }
  }
}
