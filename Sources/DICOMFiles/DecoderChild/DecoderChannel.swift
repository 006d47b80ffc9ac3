// The only pointers of the two ends: messages, descriptors and the shared memory.

internal import CSandbox
internal import Glibc

/// Messages between parent and child.
enum DecoderChannel {
  /// - Returns: 0 or an `errno`.
  static func send(_ message: [UInt8], to channel: Int32, passing descriptor: Int32 = -1) -> Int32 {
    unsafe message.withUnsafeBytes { bytes in
      guard let start = bytes.baseAddress else { return EINVAL }
      return unsafe csandbox_send(channel, start, bytes.count, descriptor)
    }
  }

  /// What a wait for a message ended in.
  enum Arrival {
    /// With the descriptor that came along, or -1.
    case message([UInt8], descriptor: Int32)
    case failure(errno: Int32)
  }

  /// - Parameter milliseconds: How long to wait; -1 without end.
  static func receive(from channel: Int32, takesDescriptors: Bool, milliseconds: Int32) -> Arrival {
    var message = [UInt8](repeating: 0, count: DecoderProtocol.messageLength + 1)
    var (length, descriptor) = (0, Int32(-1))
    let code = unsafe message.withUnsafeMutableBytes { bytes in
      guard let start = bytes.baseAddress else { return EINVAL }
      return takesDescriptors
        ? unsafe csandbox_receive(channel, start, bytes.count, &length, &descriptor, milliseconds)
        : unsafe csandbox_receive(channel, start, bytes.count, &length, nil, milliseconds)
    }
    guard code == 0 else { return .failure(errno: code) }
    return .message(Array(message.prefix(length)), descriptor: descriptor)
  }
}

/// The parent's view of the shared memory: bytes are copied out before anything is made of them, so that a child that
/// goes on writing changes nothing.
enum SharedMemory {
  /// - Returns: `nil` when they cannot be read.
  static func read(_ descriptor: Int32, offset: Int = 0, count: Int) -> [UInt8]? {
    var code: Int32 = 0
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      guard let start = buffer.baseAddress, count > 0 else { return }
      code = unsafe csandbox_memory_read(descriptor, UInt64(offset), start, count)
      filled = code == 0 ? count : 0
    }
    return code == 0 ? bytes : nil
  }
}

/// The child's view of the shared memory.
///
/// Not Sendable: it belongs to the one thread of a child.
@safe struct MappedMemory {
  private let start: UnsafeMutableRawPointer

  /// - Returns: `nil` when the memory is not there: the process was not started as a child.
  init?(_ descriptor: Int32) {
    var address: UnsafeMutableRawPointer?
    guard unsafe csandbox_memory_map(descriptor, UInt64(DecoderProtocol.memorySize), &address) == 0,
      let mapped = unsafe address
    else { return nil }
    unsafe start = mapped
  }

  /// - Precondition: The bytes fit into the memory from `offset` on.
  func write(_ bytes: [UInt8], at offset: Int = 0) {
    precondition(offset >= 0 && bytes.count <= DecoderProtocol.memorySize - offset, "beyond the shared memory")
    unsafe bytes.withUnsafeBytes { buffer in
      guard let source = buffer.baseAddress else { return }
      unsafe (start + offset).copyMemory(from: source, byteCount: buffer.count)
    }
  }
}
