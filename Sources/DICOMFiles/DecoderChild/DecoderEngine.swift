internal import CSandbox
internal import DICOMCore

/// Answers requests with what the readers of this module find.
struct DecoderEngine: ~Copyable {
  private let memory: MappedMemory
  private let structureLimits: PreScanLimits
  private var image: DICOMFile?

  init(memory: MappedMemory, structureLimits: PreScanLimits) {
    (self.memory, self.structureLimits) = (memory, structureLimits)
  }

  /// - Parameter descriptor: Of the file that came with the request, or -1; taken over.
  mutating func answer(_ request: DecoderRequest, _ descriptor: Int32) -> DecoderReply? {
    do throws(DICOMFileError) {
      switch request {
      case .start: return nil
      case .classify(let heap):
        image = nil
        let source = try source(descriptor, heap)
        var answer = WireWriter()
        answer.put(try FileClassification.verdict(on: InputFile(path: "", source: ""), source))
        return .answer(length: try put(answer, within: DecoderProtocol.briefLimit), frame: .none)
      case .open(let extent, let index, let heap, let frameHeap):
        image = nil
        let opened = try DICOMFile(source(descriptor, heap), extent)
        var answer = WireWriter()
        answer.put(opened.header)
        answer.put(opened.format)
        answer.put(integer: opened.frameCount)
        image = consume opened
        let length = try put(answer, within: DecoderProtocol.headerLimit)
        return .answer(length: length, frame: index < 0 ? .none : frame(index, heap: frameHeap, size: frameHeap))
      case .frame(let index, let heap, let size):
        return .answer(length: 0, frame: frame(index, heap: heap, size: size))
      }
    } catch .memoryExceeded(let needed, _) {
      return .needs(heap: needed)
    } catch {
      return .refusal(length: put(error, at: 0))
    }
  }

  private func source(_ descriptor: Int32, _ heap: Int) throws(DICOMFileError) -> SourceFile {
    try SourceFile(adopting: descriptor, parsingLimit: heap, structureLimits: structureLimits)
  }

  private mutating func frame(_ index: Int, heap: Int, size: Int) -> FrameReply {
    do throws(DICOMFileError) {
      return try read(index, heap: heap, size: size)
    } catch {
      return .refusal(length: put(error, at: DecoderProtocol.frameStart))
    }
  }

  private mutating func read(_ index: Int, heap: Int, size: Int) throws(DICOMFileError) -> FrameReply {
    guard let found = try image?.placeOfFrame(index) else { throw .frameOutOfRange(index: 0, count: 0) }
    switch found {
    case .file(let format, let range):
      put(format)
      return .file(offset: range.lowerBound, length: range.count)
    case .coded(let bytes, let needed):
      guard needed <= heap, bytes <= size else { return .needs(heap: needed) }
    }
    guard let frame = try image?.frame(index) else { throw .frameOutOfRange(index: 0, count: 0) }
    guard frame.bytes.count <= min(size, ImageFormat.maximumFrameBytes) else {
      throw .frameTooLarge(bytes: frame.bytes.count, limit: min(size, ImageFormat.maximumFrameBytes))
    }
    put(frame.format)
    memory.write(frame.bytes, at: DecoderProtocol.bytesStart)
    return .memory(length: frame.bytes.count)
  }

  // MARK: - Memory

  private func put(_ answer: WireWriter, within limit: Int) throws(DICOMFileError) -> Int {
    guard answer.bytes.count <= limit else { throw .headerTooLarge(bytes: answer.bytes.count, limit: limit) }
    memory.write(answer.bytes)
    return answer.bytes.count
  }

  private func put(_ format: ImageFormat) {
    var writer = WireWriter()
    writer.put(format)
    memory.write(
      writer.bytes + [UInt8](repeating: 0, count: DecoderProtocol.formatLength - writer.bytes.count),
      at: DecoderProtocol.frameStart)
  }

  private func put(_ error: DICOMFileError, at offset: Int) -> Int {
    var answer = WireWriter()
    answer.put(error)
    memory.write(answer.bytes, at: offset)
    return answer.bytes.count
  }
}
