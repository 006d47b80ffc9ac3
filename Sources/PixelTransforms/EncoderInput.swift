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
    guard !preset.hasOwnWindows || window == .automatic else { throw .presetHasOwnWindows(preset) }
    let pixelDigest = frame.pixelDigest
    let (tensor, steps) = try transformed(
      frame, digest: pixelDigest, attributes: attributes, frameIndex: frameIndex, series: series)
    let tensorDigest = tensor.contentDigest
    let last = ProcessingStep(
      "tensor",
      ["shape": .array(tensor.shape.map { .integer($0) }), "tensor_digest": .string(tensorDigest.description)])
    return EncoderInput(
      tensor: tensor, steps: steps + [last], pixelDigest: pixelDigest, tensorDigest: tensorDigest)
  }

  private func transformed(
    _ frame: StoredFrame, digest: ContentDigest, attributes: DataSet, frameIndex: Int, series: SeriesPercentiles?
  ) throws(PixelTransformError) -> (Tensor, [ProcessingStep]) {
    if preset == .googleContainer {
      let stored = Self.storedStep(frame, digest: digest, index: frameIndex)
      let shown = try ContainerTransform(frame, attributes: attributes)
      let (tensor, steps) = resized(shown.frame, plan: ResizePreset.googleContainer.plan, scale: shown.scale)
      return (tensor, [stored] + shown.steps + steps)
    }
    let (display, steps) = try displayFrame(
      frame, digest: digest, attributes: attributes, frameIndex: frameIndex, series: series)
    let (tensor, last) = resized(display, plan: preset.plan, scale: 255)
    return (tensor, steps + last)
  }

  /// - Parameter scale: What display value 1 is among 8-bit values: 255, or 1 for a quirk of the container.
  private func resized(_ frame: DisplayFrame, plan: ResizePlan?, scale: Int) -> (Tensor, [ProcessingStep]) {
    guard let plan else { return unresized(frame) }
    let canvas = FramePlacement(rows: frame.rows, columns: frame.columns, squared: plan.padsToSquare)
    let normalised = plan.normalisation.table(scale: scale)
    let planes = (0..<frame.channelCount).map { channel -> [UInt8] in
      let table = frame.table(ofChannel: channel)
      switch plan.resize {
      case .tensorFlowBilinear:
        let resize = TensorFlowResize(canvas: canvas, size: size)
        let plane = resize.plane(of: frame, channel: channel, table: table.map { $0 * Float(scale) })
        return plane.map { UInt8($0) }
      case .antialias(let filter, let arithmetic):
        let resize = AntialiasResize(filter, arithmetic, canvas: canvas, size: size)
        return resize.plane(of: frame, channel: channel, table: plan.quantisation.apply(table, scale: scale))
      }
    }
    let values = Self.threeChannels(planes.map { $0.map { normalised[Int($0)] } })
    return (
      Tensor(shape: [3, size, size], values: values), plan.steps(canvas, preset: preset, size: size, scale: scale)
    )
  }

  private func unresized(_ frame: DisplayFrame) -> (Tensor, [ProcessingStep]) {
    let planes = (0..<frame.channelCount).map { frame.plane(ofChannel: $0).map { ($0 - 0.5) / 0.5 } }
    let steps = [
      ProcessingStep("resize", ["preset": .string(preset.rawValue)]),
      ProcessingStep("normalise", ["rescale": 1, "mean": 0.5, "deviation": 0.5]),
    ]
    return (Tensor(shape: [3, frame.rows, frame.columns], values: Self.threeChannels(planes)), steps)
  }

  private static func threeChannels(_ planes: [[Float]]) -> [Float] {
    planes.count == 1 ? planes[0] + planes[0] + planes[0] : planes[0] + planes[1] + planes[2]
  }
}

extension ResizePlan.Quantisation {
  /// The 8-bit value of each display value in `0...1`.
  func apply(_ table: [Float], scale: Int) -> [UInt8] {
    let half: Float = self == .round ? 0.5 : 0
    return table.map { UInt8($0 * Float(scale) + half) }
  }
}

extension ResizePlan.Normalisation {
  /// The encoder value of each 8-bit value, in the arithmetic of the program in question.
  func table(scale: Int) -> [Float] {
    (0...255).map { value in
      switch self {
      case .rescaled: (Float(Double(value) * (1 / Double(scale))) - 0.5) / 0.5
      case .fused: (Float(value) - 127.5) / 127.5
      }
    }
  }

  fileprivate func step(scale: Int) -> ProcessingStep {
    switch self {
    case .rescaled:
      ProcessingStep("normalise", ["rescale": .number(1 / Double(scale)), "mean": 0.5, "deviation": 0.5])
    case .fused: ProcessingStep("normalise", ["rescale": 1, "mean": 127.5, "deviation": 127.5])
    }
  }
}

extension ResizePlan {
  /// The record, in the order in which things are done.
  fileprivate func steps(_ canvas: FramePlacement, preset: ResizePreset, size: Int, scale: Int) -> [ProcessingStep] {
    let quantise = ProcessingStep(
      "quantise", ["method": .string(quantisation.rawValue), "scale": .integer(scale)])
    let resize = ProcessingStep(
      "resize",
      [
        "preset": .string(preset.rawValue), "filter": .string(self.resize.name),
        "antialias": .boolean(self.resize != .tensorFlowBilinear),
        "padding": .string(padsToSquare ? "square" : "none"),
        "from": [.integer(canvas.rows), .integer(canvas.columns)], "to": [.integer(size), .integer(size)],
      ])
    let padding = padsToSquare ? [canvas.step] : []
    let resizing =
      self.resize == .tensorFlowBilinear ? padding + [resize, quantise] : [quantise] + padding + [resize]
    return resizing + [normalisation.step(scale: scale)]
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
