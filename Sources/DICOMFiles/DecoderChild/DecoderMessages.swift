internal import DICOMCore

/// What the parent asks. Messages are of one size and travel whole; a file's descriptor travels along.
enum DecoderRequest: Equatable {
  /// The first message: whom to follow, and within which limits.
  case start(parent: Int32, addressSpace: Int, descriptors: Int)
  case classify
  case open(DICOMHeader.Extent)
  /// Of the file that was opened last; from 0. It stays open until the next one is.
  case frame(Int)
}

/// What the child answers. What is longer than this message lies in the shared memory, from its first byte.
enum DecoderReply: Equatable {
  /// The answer to `start`: the sandbox is closed, with these locks (`CSANDBOX_…`).
  case ready(locks: UInt32)
  /// So many bytes are the answer.
  case answer(length: Int)
  /// So many bytes are a ``DICOMFileError``.
  case refusal(length: Int)
}

/// The layout of messages and memory; both ends are the same build, so a version is all that is compared.
enum DecoderProtocol {
  /// "BDC" and a number.
  static let version: UInt32 = 0x4243_4401
  static let messageLength = 40
  /// A frame's format comes before its bytes, in a place of this size.
  static let formatLength = 128
  /// The longest answer to `classify` and `open`.
  static let headerLimit = 1 << 27
  static let memorySize = ImageFormat.maximumFrameBytes + formatLength
}

extension DecoderRequest {
  func message(_ sequence: UInt32) -> [UInt8] {
    let (kind, numbers): (UInt8, [Int]) =
      switch self {
      case .start(let parent, let addressSpace, let descriptors): (1, [Int(parent), addressSpace, descriptors])
      case .classify: (2, [])
      case .open(let extent): (3, [extent == .brief ? 1 : 0])
      case .frame(let index): (4, [index])
      }
    return DecoderMessage.bytes(sequence, kind, numbers)
  }

  static func parse(_ message: [UInt8]) throws(WireError) -> (sequence: UInt32, request: DecoderRequest) {
    let (sequence, kind, numbers) = try DecoderMessage.parse(message)
    switch kind {
    case 1:
      return (
        sequence,
        .start(parent: Int32(clamping: numbers[0]), addressSpace: numbers[1], descriptors: numbers[2])
      )
    case 2: return (sequence, .classify)
    case 3: return (sequence, .open(numbers[0] == 1 ? .brief : .full))
    case 4: return (sequence, .frame(numbers[0]))
    default: throw WireError(fact: "a request does not exist")
    }
  }
}

extension DecoderReply {
  func message(_ sequence: UInt32) -> [UInt8] {
    switch self {
    case .ready(let locks): DecoderMessage.bytes(sequence, 1, [Int(locks)])
    case .answer(let length): DecoderMessage.bytes(sequence, 2, [length])
    case .refusal(let length): DecoderMessage.bytes(sequence, 3, [length])
    }
  }

  static func parse(_ message: [UInt8], sequence expected: UInt32) throws(WireError) -> DecoderReply {
    let (sequence, kind, numbers) = try DecoderMessage.parse(message)
    guard sequence == expected else { throw WireError(fact: "it answers another request") }
    switch kind {
    case 1:
      guard let locks = UInt32(exactly: numbers[0]) else { throw WireError(fact: "a number is out of range") }
      return .ready(locks: locks)
    case 2, 3:
      guard (0...DecoderProtocol.memorySize).contains(numbers[0]) else {
        throw WireError(fact: "it is longer than the shared memory")
      }
      return kind == 2 ? .answer(length: numbers[0]) : .refusal(length: numbers[0])
    default: throw WireError(fact: "a reply does not exist")
    }
  }
}

/// The form of every message: version, sequence number, kind, three numbers, padding.
private enum DecoderMessage {
  static func bytes(_ sequence: UInt32, _ kind: UInt8, _ numbers: [Int]) -> [UInt8] {
    var writer = WireWriter()
    writer.put(DecoderProtocol.version)
    writer.put(sequence)
    writer.put(kind)
    for index in 0..<3 { writer.put(integer: index < numbers.count ? numbers[index] : 0) }
    return writer.bytes + [UInt8](repeating: 0, count: DecoderProtocol.messageLength - writer.bytes.count)
  }

  static func parse(_ message: [UInt8]) throws(WireError) -> (UInt32, UInt8, [Int]) {
    guard message.count == DecoderProtocol.messageLength else { throw WireError(fact: "it has the wrong length") }
    var reader = WireReader(message)
    guard try reader.number(UInt32.self) == DecoderProtocol.version else {
      throw WireError(fact: "it speaks another version")
    }
    let (sequence, kind) = (try reader.number(UInt32.self), try reader.number(UInt8.self))
    return (sequence, kind, [try reader.integer(), try reader.integer(), try reader.integer()])
  }
}
