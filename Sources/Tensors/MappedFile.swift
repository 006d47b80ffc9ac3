internal import Glibc

/// A regular file mapped into memory for reading, unmapped when the last reference goes.
///
/// Safe to share between threads: the mapping is private, read-only and of fixed length. As with every mapping, a file
/// that another process truncates meanwhile ends this process with SIGBUS; checkpoints are not edited in place.
@safe
package final class MappedFile: @unchecked Sendable {
  package let path: String
  /// Length in bytes at the time of opening.
  package let count: Int
  private let base: UnsafeRawPointer?

  /// - Throws: ``SafetensorsError/unreadable(file:errorNumber:)`` when the file cannot be opened, is no regular file or
  ///   cannot be mapped.
  package init(path: String) throws(SafetensorsError) {
    // A pipe is found to be none of ours below, and is not waited for.
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    guard descriptor >= 0 else { throw .unreadable(file: path, errorNumber: errno) }
    defer { close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { throw .unreadable(file: path, errorNumber: errno) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw .unreadable(file: path, errorNumber: status.st_mode & S_IFMT == S_IFDIR ? EISDIR : EINVAL)
    }
    self.path = path
    self.count = status.st_size
    guard status.st_size > 0 else {
      unsafe self.base = nil
      return
    }
    let address = unsafe mmap(nil, status.st_size, PROT_READ, MAP_PRIVATE, descriptor, 0)
    guard let address = unsafe address, unsafe address != MAP_FAILED else {
      throw .unreadable(file: path, errorNumber: errno)
    }
    unsafe self.base = UnsafeRawPointer(address)
  }

  deinit {
    if let base = unsafe base { unsafe munmap(UnsafeMutableRawPointer(mutating: base), count) }
  }

  /// Calls `body` with the bytes of `range`.
  ///
  /// - Precondition: `range` lies within `0..<count`.
  package func withBytes<R: ~Copyable, E: Error>(
    _ range: Range<Int>, _ body: (RawSpan) throws(E) -> R
  ) throws(E) -> R {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "the range lies outside the mapped file")
    let part = unsafe UnsafeRawBufferPointer(start: base.map { unsafe $0 + range.lowerBound }, count: range.count)
    return try body(unsafe RawSpan(_unsafeBytes: part))
  }

  /// A copy of every byte.
  ///
  /// - Throws: ``SafetensorsError/tooLarge(file:byteCount:limit:)`` for a file of more than `limit` bytes.
  package func bytes(upTo limit: Int) throws(SafetensorsError) -> [UInt8] {
    guard count <= limit else { throw .tooLarge(file: path, byteCount: count, limit: limit) }
    return withBytes(0..<count) { span in unsafe span.withUnsafeBytes { unsafe Array($0) } }
  }

  /// Gives back the memory behind the bytes of `range`; it is read from the file again when it is needed.
  package func release(_ range: Range<Int>) {
    guard let base = unsafe base, !range.isEmpty else { return }
    let page = Int(sysconf(Int32(_SC_PAGESIZE)))
    let start = range.lowerBound / page * page
    unsafe madvise(UnsafeMutableRawPointer(mutating: base + start), min(range.upperBound, count) - start, MADV_DONTNEED)
  }

  /// The floats at byte `offset`, stored in the order of bytes of the machine, for kernels to read.
  ///
  /// - Precondition: The file has them, and `offset` is a multiple of their alignment.
  package func weights(at offset: Int, shape: [Int]) -> Weights {
    precondition(offset >= 0 && offset + 4 * shape.reduce(1, *) <= count, "the range lies outside the mapped file")
    guard let floats = unsafe floats(at: offset) else { preconditionFailure("floats that are not aligned") }
    return unsafe Weights(shape: shape, base: floats, owner: self)
  }

  /// The address of byte `offset`; valid while `self` lives.
  ///
  /// - Precondition: The file has a byte there.
  @unsafe func address(of offset: Int) -> UnsafeRawPointer {
    guard let base = unsafe base, (0..<count).contains(offset) else { preconditionFailure("outside the mapped file") }
    return unsafe base + offset
  }

  /// The offset of the byte at `address`, or `nil` where that is not in the mapping.
  @unsafe func offset(of address: UnsafeRawPointer) -> Int? {
    guard let base = unsafe base else { return nil }
    let offset = unsafe address - base
    return (0..<count).contains(offset) ? offset : nil
  }

  /// The address of byte `offset` as floats, or `nil` where it is not aligned for them; valid while `self` lives.
  @unsafe func floats(at offset: Int) -> UnsafePointer<Float>? {
    guard let base = unsafe base, (Int(bitPattern: base) + offset) % MemoryLayout<Float>.alignment == 0 else {
      return nil
    }
    return unsafe (base + offset).assumingMemoryBound(to: Float.self)
  }
}
