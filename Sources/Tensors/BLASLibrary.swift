internal import COpenBLAS

/// The library that multiplies matrices.
package enum BLASLibrary {
  /// Version, build options and the processor type whose kernels were chosen, in OpenBLAS's words.
  package static var configuration: String {
    guard let text = unsafe openblas_get_config() else { return "unknown" }
    return unsafe String(cString: text).split(separator: " ").joined(separator: " ")
  }
}
