internal import DICOMCore
internal import DICOMFiles
internal import Deidentification

/// Frames of one object as they are stored and as they decode, and what takes their place.
struct PixelCleaning {
  let source: ElementFile
  let image: DecodedObject
  let pixelData: RawElement

  /// What cannot be told of the pixels; the reason is a code.
  struct Undecided: Error {
    let reason: String
  }

  /// More than this is not held in memory to be changed, in bytes.
  private static let largestChange = 1 << 30

  // MARK: - Nothing found

  /// Code streams without comments and application data; `nil` where there was none.
  func cleanedStreams() throws -> [RawElement]? {
    guard case .fragments(let fragments) = pixelData.value else { return nil }
    var streams: [[UInt8]] = []
    let groups = try Self.frames(fragments, count: image.frameCount, source)
    var hasChanged = try !OffsetTables(of: source.dataSet, source, fragments).agree(
      with: groups.map { $0.map(\.length) })
    for group in groups {
      let stream = try bytes(of: group)
      let clean = try cleaned(stream)
      // What follows the end of a code stream is padding of a byte at most.
      if clean.count + 1 < stream.count || !stream.starts(with: clean) { hasChanged = true }
      streams.append(clean)
      guard !hasChanged || streams.reduce(0, { $0 + $1.count }) <= Self.largestChange else {
        throw Undecided(reason: "pixels-too-large")
      }
      if !hasChanged { streams[streams.count - 1] = [] }
      if hasChanged, streams.dropLast().contains(where: \.isEmpty) { return try allCleanedStreams(fragments) }
    }
    return hasChanged ? Self.encapsulated(streams) : nil
  }

  private func allCleanedStreams(_ fragments: [RawFragment]) throws -> [RawElement] {
    Self.encapsulated(try Self.frames(fragments, count: image.frameCount, source).map { try cleaned(bytes(of: $0)) })
  }

  private func cleaned(_ stream: [UInt8]) throws -> [UInt8] {
    do {
      return try CodeStreamHygiene.cleaned(
        stream, transferSyntax: source.transferSyntax, format: image.format)
    } catch {
      throw Undecided(reason: "pixels-code-stream")
    }
  }

  private func bytes(of fragments: [RawFragment]) throws -> [UInt8] {
    var bytes: [UInt8] = []
    for case .stored(let stored) in fragments { bytes += try source.bytes(of: stored, count: stored.length) }
    return bytes
  }

  /// The fragments of each frame: one each, all of a single frame, or as the Basic Offset Table says.
  private static func frames(
    _ fragments: [RawFragment], count: Int, _ source: ElementFile
  ) throws -> [[RawFragment]] {
    let streams = Array(fragments.dropFirst())
    if count == 1 { return [streams] }
    if streams.count == count { return streams.map { [$0] } }
    guard case .stored(let table)? = fragments.first, table.length == 4 * count else {
      throw Undecided(reason: "pixels-fragments")
    }
    let bytes = try source.bytes(of: table, count: table.length)
    let starts = Set(
      (0..<count).map { frame in (0..<4).reduce(0) { $0 | Int(bytes[4 * frame + $1]) << (8 * $1) } })
    var groups: [[RawFragment]] = []
    var position = 0
    for stream in streams {
      if starts.contains(position) { groups.append([]) }
      guard !groups.isEmpty else { throw Undecided(reason: "pixels-fragments") }
      groups[groups.count - 1].append(stream)
      position += 8 + stream.length
    }
    guard groups.count == count else { throw Undecided(reason: "pixels-fragments") }
    return groups
  }

  /// Pixel Data with a fragment a frame, and its tables.
  private static func encapsulated(_ streams: [[UInt8]]) -> [RawElement] {
    let tables = FragmentTables(lengths: streams.map(\.count))
    var elements = [
      RawElement(.pixelData, .ob, .fragments(([tables.basic] + streams).map { .bytes($0) }))
    ]
    if let extended = tables.extended {
      elements.append(RawElement(.extendedOffsetTable, .ov, .bytes(extended.offsets)))
      elements.append(RawElement(Tag(0x7FE0, 0x0002), .ov, .bytes(extended.lengths)))
    }
    return elements
  }

  // MARK: - Text found

  /// The object's pixels without `regions`, and the attributes that follow.
  func blanked(_ regions: [Int: [PixelRegion]]) throws -> (transferSyntax: UID, elements: [RawElement]) {
    let format = image.format
    guard let plan = RecodingPlan(source: source.transferSyntax, format: format),
      format.sampleCount * format.bytesPerSample * image.frameCount <= Self.largestChange
    else { throw Undecided(reason: "pixels-not-recodable") }
    var elements: [RawElement] = []
    if plan.sourceIsLossy { elements.append(RawElement(.lossyImageCompression, .cs, text: "01")) }
    switch pixelData.value {
    case .stored(let stored):
      return (.explicitVRLittleEndian, elements + [try native(stored, regions)])
    case .fragments(let fragments):
      guard let encoder = FrameEncoder(plan.transferSyntax) else { throw Undecided(reason: "pixels-not-recodable") }
      let groups = try Self.frames(fragments, count: image.frameCount, source)
      var streams: [[UInt8]] = []
      for (index, group) in groups.enumerated() {
        let areas = regions[index] ?? []
        if areas.isEmpty, !plan.recodesAllFrames {
          streams.append(try cleaned(bytes(of: group)))
        } else {
          let frame = try image.frame(index)
          let changed = FrameRedaction.blank(areas, in: frame, with: blankValue(frame))
          streams.append(try encoder.encode(changed))
          if plan.recodesAllFrames, index == 0 { elements += labels(frame.format, encoder) }
        }
      }
      let pixels =
        plan.transferSyntax == .explicitVRLittleEndian
        ? [RawElement(.pixelData, .ow, .bytes(streams.flatMap { $0 }))] : Self.encapsulated(streams)
      return (plan.transferSyntax, elements + pixels)
    default: throw Undecided(reason: "pixels-not-recodable")
    }
  }

  private func labels(_ format: ImageFormat, _ encoder: FrameEncoder) -> [RawElement] {
    var elements = [
      RawElement(
        .photometricInterpretation, .cs, text: encoder.label(of: format.photometricInterpretation).rawValue)
    ]
    if format.samplesPerPixel > 1 { elements.append(RawElement(.planarConfiguration, .us, .bytes([0, 0]))) }
    return elements
  }

  private func blankValue(_ frame: StoredFrame) -> BlankValue {
    BlankValue(
      for: frame, padding: image.attributes.integer(Tag(0x0028, 0x0120)), palette: PaletteColors(of: image.attributes))
  }

  private func native(_ stored: StoredBytes, _ regions: [Int: [PixelRegion]]) throws -> RawElement {
    let format = image.format
    let bits = NativeHygiene.frameBits(format)
    var all = try source.bytes(of: stored, count: stored.length)
    let arrangement: NativeFrameLayout.Arrangement =
      format.photometricInterpretation == .ybrFull422
      ? .subsampled
      : image.attributes.integer(.planarConfiguration) == 1 && format.samplesPerPixel > 1 ? .planar : .interleaved
    for (index, areas) in regions.sorted(by: { $0.key < $1.key }) {
      let start = index * bits / 8
      let end = min(all.count, ((index + 1) * bits + 7) / 8)
      guard start < end else { throw Undecided(reason: "pixels-not-recodable") }
      var frame = Array(all[start..<end])
      let layout = NativeFrameLayout(format: format, arrangement: arrangement, firstBit: index * bits % 8)
      FrameRedaction.blank(areas, inNative: &frame, layout, with: blankValue(try image.frame(index)))
      all.replaceSubrange(start..<end, with: frame)
    }
    do {
      all = try NativeHygiene.cleaned(all, bits: bits * image.frameCount)
    } catch {
      throw Undecided(reason: "pixels-not-recodable")
    }
    NativeHygiene.clearUnusedBits(&all, format)
    return RawElement(.pixelData, pixelData.vr, .bytes(all))
  }
}
