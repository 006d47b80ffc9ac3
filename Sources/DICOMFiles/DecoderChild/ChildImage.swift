internal import DICOMCore

/// An image that a decoder child has open. Gives the child back when it goes.
struct ChildImage: ~Copyable {
  let header: DICOMHeader
  let format: ImageFormat
  let frameCount: Int

  private let pool: DecoderPool
  private let path: String
  private let source: SourceFile
  private let extent: DICOMHeader.Extent
  private let place: MemoryGrant
  private var object: ObjectMemory
  private var child: DecoderProcess?
  /// A frame that came with the header and has not been asked for yet.
  private var waiting: (index: Int, reply: FrameReply)?
  private var attempts: Attempts
  /// Two children were lost: every further frame has this answer.
  private var end: DICOMFileError?

  /// - Parameter frame: The one that will be asked for first, from 0; it comes along where it takes little memory.
  init(
    _ pool: DecoderPool, opening path: String, _ extent: DICOMHeader.Extent, frame: Int?
  ) throws(DICOMFileError) {
    let source = try SourceFile(opening: path)
    let place = try pool.take(1, from: pool.places)
    var object = ObjectMemory()
    var attempts = Attempts()
    let (child, opened) = try pool.reading(&object, &attempts) { child, heap throws(DecoderFailure) in
      try Self.open(source, extent, frame: frame, in: child, heap: heap, of: pool)
    }
    (self.pool, self.path, self.source, self.extent, self.place) = (pool, path, source, extent, place)
    (header, format, frameCount) = (opened.header, opened.format, opened.frameCount)
    waiting = frame.map { ($0, opened.reply) }
    (self.object, self.attempts, self.child) = (object, attempts, child)
  }

  deinit {
    guard let child else { return }
    try? child.settle()
    pool.giveBack(child)
  }

  /// - Parameters:
  ///   - index: From 0.
  ///   - working: Bytes that the frame and what is made of it take in this process.
  mutating func frame(_ index: Int, working: Int) throws(DICOMFileError) -> LoadedFrame {
    guard (0..<frameCount).contains(index) else { throw .frameOutOfRange(index: index, count: frameCount) }
    if let end { throw end }
    while true {
      do throws(DecoderFailure) {
        return try readFrame(index, max(working, format.frameBytes))
      } catch {
        if case .file(.outOfMemory) = error { child = nil }
        if case .lost = error { child = nil }
        do throws(DICOMFileError) {
          try attempts.note(error)
        } catch {
          if case .decoderLost = error { end = error }
          pool.refusals.note(error, path: path)
          throw error
        }
      }
    }
  }

  private mutating func readFrame(_ index: Int, _ working: Int) throws(DecoderFailure) -> LoadedFrame {
    let child = try openChild(for: index)
    let share = pool.plan.share
    var grant: MemoryGrant?
    var reply: FrameReply
    if let waiting, waiting.index == index {
      reply = waiting.reply
    } else {
      reply = try child.askForFrame(index, heap: share / 2, size: share)
    }
    waiting = nil
    if case .needs(let heap) = reply {
      // First the child has it twice or more, then both have it once, then what is made of it is here.
      let size = format.frameBytes
      grant = try take(max(heap + size, 2 * size, working))
      try child.allow(object.heap + heap)
      reply = try child.askForFrame(index, heap: heap, size: size)
    } else if working > 2 * share {
      grant = try take(working)
    }
    do throws(DecoderFailure) {
      let frame = try received(reply, from: child, isLarge: grant != nil)
      try settle(child)
      return LoadedFrame(frame: frame, grant: grant)
    } catch {
      if case .file = error { try settle(child) }
      throw error
    }
  }

  /// Takes back what a large frame was allowed, before its grant goes.
  private mutating func settle(_ child: DecoderProcess) throws(DecoderFailure) {
    try child.settle(object.heap)
    if child.keepsTooMuch { self.child = nil }
  }

  private func take(_ amount: Int) throws(DecoderFailure) -> MemoryGrant {
    do {
      return try pool.take(amount, from: pool.frames, atMost: pool.plan.largestFrame)
    } catch {
      throw .file(error)
    }
  }

  /// Copies a frame and checks it.
  private func received(
    _ reply: FrameReply, from child: DecoderProcess, isLarge: Bool
  ) throws(DecoderFailure) -> StoredFrame {
    let length: Int
    switch reply {
    case .refusal(let length): throw try child.frameRefusal(length: length)
    case .none, .needs: throw .lost(child.lose(WireError(fact: "a frame is missing")))
    case .memory(let count), .file(_, let count): length = count
    }
    let format = try child.decode(child.frameFormat(), padded: true) { reader throws(WireError) in
      try reader.format()
    }
    // Memory was taken for a frame of the image's size and kind.
    guard format.rows == self.format.rows, format.columns == self.format.columns, length == format.frameBytes,
      length == self.format.frameBytes, format.bitsAllocated == self.format.bitsAllocated,
      format.isFloat == self.format.isFloat
    else { throw .lost(child.lose(WireError(fact: "a frame does not fit its image"))) }
    guard case .file(let offset, _) = reply else {
      guard isLarge || length <= pool.plan.share else {
        throw .lost(child.lose(WireError(fact: "a frame is longer than it may be")))
      }
      return StoredFrame(format: format, bytes: try child.frameBytes(count: length))
    }
    guard offset <= source.size - length else {
      throw .lost(child.lose(WireError(fact: "a frame lies outside its file")))
    }
    return try stored(format, at: offset)
  }

  /// Stored values as the file has them. Nothing is made of them here but values of the format's width.
  private func stored(_ format: ImageFormat, at offset: Int) throws(DecoderFailure) -> StoredFrame {
    do throws(DICOMFileError) {
      let bytes = try source.read(at: offset, count: format.frameBytes)
      guard bytes.count == format.frameBytes else {
        throw .pixelDataTooShort(expected: format.frameBytes, found: bytes.count)
      }
      return StoredFrame(format: format, bytes: bytes).withoutUnusedBits()
    } catch {
      throw .file(error)
    }
  }

  /// The child that has the file open; after a loss a fresh one that opens it again.
  private mutating func openChild(for index: Int) throws(DecoderFailure) -> DecoderProcess {
    if let child { return child }
    let fresh = try pool.fresh()
    try fresh.allow(object.heap)
    let again = try Self.open(
      source, extent, frame: index, in: fresh, heap: pool.plan.share / 2 + object.heap, of: pool)
    guard again.format == format, again.frameCount == frameCount, again.header == header else {
      throw .lost(fresh.lose(WireError(fact: "the same file has another header")))
    }
    waiting = (index, again.reply)
    child = fresh
    return fresh
  }

  private struct Opened {
    let header: DICOMHeader
    let format: ImageFormat
    let frameCount: Int
    let reply: FrameReply
  }

  private static func open(
    _ source: SourceFile, _ extent: DICOMHeader.Extent, frame: Int?, in child: DecoderProcess, heap: Int,
    of pool: DecoderPool
  ) throws(DecoderFailure) -> Opened {
    let answer = try child.ask(
      .open(extent, frame: frame ?? -1, heap: heap, frameHeap: pool.plan.share / 2), passing: source)
    return try child.decode(answer.header) { reader throws(WireError) in
      Opened(
        header: try reader.header(), format: try reader.format(),
        frameCount: try reader.frameCount(fileSize: source.size),
        reply: answer.frame)
    }
  }
}
