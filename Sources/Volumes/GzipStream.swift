internal import CGzip

/// Compresses bytes as they come into one gzip member (RFC 1952).
///
/// The same bytes give the same member with one build of zlib, however they are divided: its header has neither name nor time.
@safe
package struct GzipStream: ~Copyable {
  /// Level 9 takes ten times as long for a few percent on CT and MR slices.
  private static let level: Int32 = 3
  private static let pieceLength = 1 << 16

  private let stream: OpaquePointer

  package init() {
    // A quarter of a MiB: without it no array could be had either, and that traps too.
    guard let stream = unsafe cgzip_create(Self.level) else { preconditionFailure("no memory to compress with") }
    unsafe self.stream = stream
  }

  deinit {
    unsafe cgzip_free(stream)
  }

  /// - Returns: What is ready to be written, often nothing.
  package mutating func compress(_ bytes: [UInt8]) -> [UInt8] { deflate(bytes, finish: false) }

  /// - Returns: The end of the member.
  package consuming func finish() -> [UInt8] { deflate([], finish: true) }

  private func deflate(_ bytes: [UInt8], finish: Bool) -> [UInt8] {
    var output: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: Self.pieceLength)
    var position = 0
    while true {
      var (taken, produced, ended) = (0, 0, false)
      let isFine = unsafe bytes.withUnsafeBufferPointer { source in
        unsafe piece.withUnsafeMutableBufferPointer { target in
          guard let destination = target.baseAddress else { return false }
          return unsafe cgzip_deflate(
            stream, source.baseAddress.map { unsafe $0 + position }, source.count - position, finish, destination,
            target.count, &taken, &produced, &ended)
        }
      }
      precondition(isFine, "zlib refuses to go on")
      output += piece[..<produced]
      position += taken
      // A piece that is not full: nothing waits inside.
      if finish ? ended : position == bytes.count && produced < piece.count { return output }
    }
  }
}
