package import DICOMCore
package import Tensors

/// What the vision tower gets for one frame, and how it came about.
package struct EncoderInput: Sendable, Equatable {
  /// `[3, S, S]` in `[-1, 1]`; `[3, rows, columns]` for ``ResizePreset/ownSize``. A grey frame fills three equal channels.
  package let tensor: Tensor
  /// What was done, in order: with the stored values enough to derive the tensor again, bit for bit.
  package let steps: [ProcessingStep]
  /// SHA-256 over the stored values, `StoredFrame.pixelDigest`.
  package let pixelDigest: ContentDigest
  /// SHA-256 over the tensor's values as little endian float32, in order.
  package let tensorDigest: ContentDigest

  package init(
    tensor: Tensor, steps: [ProcessingStep], pixelDigest: ContentDigest, tensorDigest: ContentDigest
  ) {
    self.tensor = tensor
    self.steps = steps
    self.pixelDigest = pixelDigest
    self.tensorDigest = tensorDigest
  }
}

extension PixelPipeline {
  /// The encoder input of a frame.
  ///
  /// - Parameters:
  ///   - frame: As decoded; compressed colour has become RGB or YBR_FULL.
  ///   - attributes: The data set of the instance the frame is of.
  ///   - frameIndex: From 0.
  ///   - series: Percentiles of the frame's series, where ``seriesRange(for:frameIndex:)`` asks for them.
  /// - Returns: The tensor, its digests and the steps that led to it.
  /// - Throws: Why there is no tensor; see ``PixelTransformError``.
  /// - Complexity: O(rows × columns + size²).
  package func encoderInput(
    frame: StoredFrame, attributes: DataSet, frameIndex: Int = 0, series: SeriesPercentiles? = nil
  ) throws(PixelTransformError) -> EncoderInput {
    guard (1...Self.largestSize).contains(size) else { throw .outputSize(size) }
    let pixelDigest = frame.pixelDigest
    let (display, displaySteps) = try displayFrame(
      frame, digest: pixelDigest, attributes: attributes, frameIndex: frameIndex, series: series)
    let (tensor, inputSteps) = preset.plan.map { resized(display, plan: $0) } ?? unresized(display)
    let tensorDigest = tensor.contentDigest
    let last = ProcessingStep(
      "tensor",
      ["shape": .array(tensor.shape.map { .integer($0) }), "tensor_digest": .string(tensorDigest.description)])
    return EncoderInput(
      tensor: tensor, steps: displaySteps + inputSteps + [last], pixelDigest: pixelDigest,
      tensorDigest: tensorDigest)
  }

  private func resized(_ frame: DisplayFrame, plan: ResizePlan) -> (Tensor, [ProcessingStep]) {
    let geometry = SquarePadding(rows: frame.rows, columns: frame.columns)
    let resize = BilinearResize(geometry: geometry, size: size)
    var planes: [[Float]] = []
    for channel in 0..<frame.channelCount {
      let plane = resize.plane(of: frame, channel: channel, scale: 255)
      planes.append(plane.map { Self.encoderValues[Int($0)] })
    }
    let steps = [
      geometry.step,
      ProcessingStep(
        "resize",
        [
          "preset": .string(preset.rawValue), "filter": .string(plan.filter.rawValue), "antialias": false,
          "from": [.integer(geometry.side), .integer(geometry.side)], "to": [.integer(size), .integer(size)],
        ]),
      ProcessingStep("quantise", ["method": .string(plan.quantisation.rawValue), "scale": 255]),
      ProcessingStep("normalise", ["rescale": .number(1.0 / 255), "mean": 0.5, "deviation": 0.5]),
    ]
    return (Tensor(shape: [3, size, size], values: Self.threeChannels(planes)), steps)
  }

  private func unresized(_ frame: DisplayFrame) -> (Tensor, [ProcessingStep]) {
    let channels = frame.channelCount
    let values = frame.interleavedValues()
    let planes = (0..<channels).map { channel in
      stride(from: channel, to: values.count, by: channels).map { (values[$0] - 0.5) / 0.5 }
    }
    let steps = [
      ProcessingStep("resize", ["preset": .string(preset.rawValue)]),
      ProcessingStep("normalise", ["rescale": 1, "mean": 0.5, "deviation": 0.5]),
    ]
    return (Tensor(shape: [3, frame.rows, frame.columns], values: Self.threeChannels(planes)), steps)
  }

  private static func threeChannels(_ planes: [[Float]]) -> [Float] {
    planes.count == 1 ? planes[0] + planes[0] + planes[0] : planes[0] + planes[1] + planes[2]
  }

  /// The encoder value of each 8-bit sample, in the arithmetic of the Hugging Face processor: rescaled by 1/255 to
  /// float32, then `(x − 0.5) / 0.5` in float32.
  private static let encoderValues: [Float] = (0...255).map { (Float(Double($0) * (1.0 / 255)) - 0.5) / 0.5 }
}

extension SquarePadding {
  fileprivate var step: ProcessingStep {
    ProcessingStep(
      "pad-to-square",
      [
        "side": .integer(side), "top": .integer(top), "left": .integer(left), "bottom": .integer(bottom),
        "right": .integer(right), "value": 0,
      ])
  }
}

extension Tensor {
  /// SHA-256 over the values as little endian float32.
  package var contentDigest: ContentDigest {
    var hasher = ContentHasher()
    unsafe hasher.update(values.span.bytes)
    return hasher.finish()
  }
}
