import DICOMFiles
import TestSupport

extension DecoderConfiguration {
  /// Children of the `bucky` that was built together with the tests: the running program is another.
  static let built = DecoderConfiguration(executable: BuiltProduct.bucky.path)
}

extension FileDecoder {
  static var built: FileDecoder { .children(DecoderPool(.built)) }
}
