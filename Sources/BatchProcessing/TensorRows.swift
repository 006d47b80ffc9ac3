internal import PixelTransforms
internal import Tensors

/// The common tensor file of `preprocess`, one row a frame; nothing when no tensors are wanted.
struct TensorRows: ~Copyable {
  private var writer: SafetensorsWriter?
  private let path: String
  private var count = 0

  init(_ request: PreprocessRequest, path: String) throws(BatchError) {
    self.path = path
    guard request.format.writesTensors, request.pipeline.preset != .ownSize else {
      writer = nil
      return
    }
    let size = request.pipeline.size
    do {
      writer = try SafetensorsWriter(
        path: path, tensors: [TensorPlan("pixel_values", rowShape: [3, size, size])],
        metadata: [
          "software": "\(BuckyVersion.product) \(BuckyVersion.text)", "window": request.windowName,
          "preset": request.pipeline.preset.rawValue,
        ])
    } catch {
      throw BatchError(writing: error)
    }
  }

  /// - Returns: The row the tensor got.
  mutating func append(_ tensor: Tensor) throws(BatchError) -> Int {
    do {
      try writer?.append(tensor.values, to: "pixel_values")
    } catch {
      throw BatchError(writing: error)
    }
    count += 1
    return count - 1
  }

  /// - Returns: The path of the finished file, or `nil` when none was wanted.
  consuming func finish() throws(BatchError) -> String? {
    guard let writer = writer.take() else { return nil }
    do {
      try writer.finish()
    } catch {
      throw BatchError(writing: error)
    }
    return path
  }

  /// Writes a file with one tensor.
  static func write(_ tensor: Tensor, named name: String, to path: String) throws(BatchError) {
    do {
      var writer = try SafetensorsWriter(
        path: path, tensors: [TensorPlan(name, rowShape: Array(tensor.shape.dropFirst()))])
      try writer.append(tensor.values, to: name)
      try writer.finish()
    } catch {
      throw BatchError(writing: error)
    }
  }
}
