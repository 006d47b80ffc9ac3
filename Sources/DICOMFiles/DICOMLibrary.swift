internal import CDCMTK

/// The library behind this module.
package enum DICOMLibrary {
  /// DCMTK's version, such as `3.6.7`.
  package static var version: String { unsafe String(cString: cdcmtk_version()) }
}
