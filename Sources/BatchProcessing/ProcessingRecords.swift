internal import DICOMCore
internal import PixelTransforms
internal import Tensors

extension ProcessingStep {
  /// The first step of every record: how the frame was encoded.
  static func transferSyntax(_ uid: UID) -> ProcessingStep {
    ProcessingStep("decode", ["transfer_syntax_uid": .string(uid.value)])
  }
}

extension EncoderInput {
  /// The same input with the transfer syntax at the start of its record.
  func adding(transferSyntax: UID) -> EncoderInput {
    EncoderInput(
      tensor: tensor, steps: [.transferSyntax(transferSyntax)] + steps, pixelDigest: pixelDigest,
      tensorDigest: tensorDigest)
  }
}

extension DisplayImage {
  /// The display values as `[channels, rows, columns]`.
  var planarTensor: Tensor {
    guard channels > 1 else { return Tensor(shape: [1, rows, columns], values: values) }
    let planes = (0..<channels).flatMap { channel in
      stride(from: channel, to: values.count, by: channels).map { values[$0] }
    }
    return Tensor(shape: [channels, rows, columns], values: planes)
  }
}
