internal import CDCMTK

/// The libraries behind this module.
package enum DICOMLibrary {
  /// DCMTK's version, such as `3.6.7`.
  package static var version: String { unsafe String(cString: cdcmtk_version()) }
  /// OpenJPEG's version, such as `2.5.0`.
  package static var openJPEGVersion: String { unsafe String(cString: cdcmtk_openjpeg_version()) }
}
