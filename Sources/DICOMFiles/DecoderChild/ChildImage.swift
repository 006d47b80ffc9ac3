internal import DICOMCore

/// An image that a decoder child has open. Gives the child back when it goes.
struct ChildImage: ~Copyable {
  let header: DICOMHeader
  let format: ImageFormat
  let frameCount: Int

  private let pool: DecoderPool
  private let source: SourceFile
  private let extent: DICOMHeader.Extent
  private var child: DecoderProcess?
  /// The child that was lost with this file.
  private var loss: DecoderLoss?
  /// A second one was lost: every further frame has this answer.
  private var end: DecoderLoss?

  init(_ pool: DecoderPool, opening source: SourceFile, _ extent: DICOMHeader.Extent) throws(DICOMFileError) {
    (self.pool, self.source, self.extent) = (pool, source, extent)
    var lost: DecoderLoss?
    while true {
      do throws(DecoderFailure) {
        let child = try lost == nil ? pool.borrow() : pool.fresh()
        (header, format, frameCount) = try Self.open(source, extent, in: child, of: pool)
        self.child = child
        loss = lost
        return
      } catch {
        switch error {
        case .file(let error): throw error
        case .lost(let loss):
          if lost != nil { throw .decoderLost(loss) }
          lost = loss
        }
      }
    }
  }

  deinit {
    if let child { pool.giveBack(child) }
  }

  /// - Parameter index: From 0.
  mutating func frame(_ index: Int) throws(DICOMFileError) -> StoredFrame {
    guard (0..<frameCount).contains(index) else { throw .frameOutOfRange(index: index, count: frameCount) }
    if let end { throw .decoderLost(end) }
    while true {
      do throws(DecoderFailure) {
        return try readFrame(index)
      } catch {
        switch error {
        case .file(let error): throw error
        case .lost(let lost):
          child = nil
          if loss != nil {
            end = lost
            throw .decoderLost(lost)
          }
          loss = lost
        }
      }
    }
  }

  private mutating func readFrame(_ index: Int) throws(DecoderFailure) -> StoredFrame {
    let child = try openChild()
    let (head, bytes) = try child.askForFrame(index)
    let format = try child.decode(head, padded: true) { reader throws(WireError) in try reader.format() }
    guard format.rows == self.format.rows, format.columns == self.format.columns,
      bytes.count == format.frameBytes
    else { throw .lost(child.lose(WireError(fact: "a frame does not fit its image"))) }
    return StoredFrame(format: format, bytes: bytes)
  }

  /// The child that has the file open; after a loss a fresh one that opens it again.
  private mutating func openChild() throws(DecoderFailure) -> DecoderProcess {
    if let child { return child }
    let fresh = try pool.fresh()
    let again = try Self.open(source, extent, in: fresh, of: pool)
    guard again.format == format, again.frameCount == frameCount, again.header == header else {
      throw .lost(fresh.lose(WireError(fact: "the same file has another header")))
    }
    child = fresh
    return fresh
  }

  private static func open(
    _ source: SourceFile, _ extent: DICOMHeader.Extent, in child: DecoderProcess, of pool: DecoderPool
  ) throws(DecoderFailure) -> (header: DICOMHeader, format: ImageFormat, frameCount: Int) {
    do throws(DecoderFailure) {
      let answer = try child.ask(.open(extent), passing: source)
      return try child.decode(answer) { reader throws(WireError) in
        (try reader.header(), try reader.format(), try reader.frameCount(fileSize: source.size))
      }
    } catch {
      if case .file = error { pool.giveBack(child) }
      throw error
    }
  }
}
