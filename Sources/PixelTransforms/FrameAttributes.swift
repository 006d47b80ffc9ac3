internal import DICOMCore

/// The attributes that apply to one frame: the data set, and for enhanced multi-frame objects what its functional
/// groups say (PS3.3 C.7.6.16), per-frame before shared before the data set itself.
struct FrameAttributes: Sendable {
  /// Where a group of attributes was found; recorded, so that a reader of the log finds it again.
  enum Origin: String, Sendable {
    case dataSet = "data-set"
    case shared = "shared-functional-group"
    case perFrame = "per-frame-functional-group"
  }

  let dataSet: DataSet
  /// What holds Rescale Slope, Rescale Intercept and Rescale Type (C.7.6.16.2.9).
  let modality: (item: DataSet, origin: Origin)
  /// What holds Window Center, Window Width, VOI LUT Function and VOI LUT Sequence (C.7.6.16.2.10).
  let voi: (item: DataSet, origin: Origin)

  /// - Parameters:
  ///   - dataSet: Of the instance.
  ///   - frameIndex: From 0.
  /// - Throws: ``PixelTransformError/frameIndex(_:frameCount:)`` when the per-frame groups end before the frame.
  init(of dataSet: DataSet, frameIndex: Int) throws(PixelTransformError) {
    let frameItems = dataSet.items(.perFrameFunctionalGroupsSequence)
    guard frameIndex >= 0, frameItems.isEmpty || frameIndex < frameItems.count else {
      throw .frameIndex(frameIndex, frameCount: frameItems.count)
    }
    let perFrame = frameItems.isEmpty ? nil : frameItems[frameIndex]
    let shared = dataSet.items(.sharedFunctionalGroupsSequence).first
    func group(_ sequence: Tag) -> (item: DataSet, origin: Origin) {
      if let item = perFrame?.items(sequence).first { return (item, .perFrame) }
      if let item = shared?.items(sequence).first { return (item, .shared) }
      return (dataSet, .dataSet)
    }
    self.dataSet = dataSet
    modality = group(.pixelValueTransformationSequence)
    voi = group(.frameVOILUTSequence)
  }
}

extension DataSet {
  /// The first value of an attribute of numbers; see ``number(_:at:)``.
  func firstNumber(_ tag: Tag) throws(PixelTransformError) -> Double? { try number(tag, at: 0) }

  /// A value of an attribute of numbers, by its index from 0; `nil` when the attribute or that value is absent.
  ///
  /// The other values are not looked at: a second window that is malformed does no harm to the first.
  ///
  /// - Throws: ``PixelTransformError/malformedAttribute(_:)`` when something is there that is not a finite number.
  func number(_ tag: Tag, at index: Int) throws(PixelTransformError) -> Double? {
    let number: Double?
    switch self[tag]?.value {
    case nil: return nil
    case .strings(let texts)?:
      guard texts.indices.contains(index) else { return nil }
      let text = texts[index].trimmingPadding()
      guard !text.isEmpty else { return nil }
      number = Double(text)
    case .integers(let values)?:
      guard values.indices.contains(index) else { return nil }
      number = Double(values[index])
    case .floats(let values)?:
      guard values.indices.contains(index) else { return nil }
      number = values[index]
    default: number = nil
    }
    guard let number, number.isFinite else { throw .malformedAttribute(tag) }
    return number
  }

  /// How many values an attribute of numbers has, empty ones included.
  func valueCount(_ tag: Tag) -> Int {
    switch self[tag]?.value {
    case .strings(let values)?: values.count
    case .integers(let values)?: values.count
    case .floats(let values)?: values.count
    default: 0
    }
  }
}
