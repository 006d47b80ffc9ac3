internal import DICOMCore

/// What the parent asks. Messages are of one size and travel whole; a file's descriptor travels along.
///
/// Requests that read say how many bytes of heap they may take; a child that sees beforehand that it needs more says so
/// instead of reading.
enum DecoderRequest: Equatable {
  /// The first message: whom to follow, and within which limits.
  case start(parent: Int32, heap: Int, largestHeap: Int, descriptors: Int, structure: PreScanLimits)
  case classify(heap: Int)
  /// With a frame, from 0, that comes along when it takes little memory; -1 for none.
  case open(DICOMHeader.Extent, frame: Int, heap: Int, frameHeap: Int)
  /// Of the file that was opened last; from 0. It stays open until the next one is.
  case frame(Int, heap: Int, size: Int)
}

/// What the child answers. What is longer than this message lies in the shared memory.
enum DecoderReply: Equatable {
  /// The answer to `start`: the sandbox is closed, with these locks (`CSANDBOX_…`), and so much address space is in use.
  case ready(locks: UInt32, addressSpace: Int)
  /// So many bytes are the header, and this is the frame.
  case answer(length: Int, frame: FrameReply)
  /// So many bytes are a ``DICOMFileError``.
  case refusal(length: Int)
  /// Nothing was read: it takes so many bytes of heap.
  case needs(heap: Int)
}

/// Where a frame is.
enum FrameReply: Equatable {
  case none
  /// Its bytes are in the shared memory, after its format.
  case memory(length: Int)
  /// Its bytes are stored values as they lie in the file; its format is in the shared memory.
  case file(offset: Int, length: Int)
  /// It was not decoded: that takes so many bytes of heap.
  case needs(heap: Int)
  /// So many bytes are a ``DICOMFileError``.
  case refusal(length: Int)
}

/// The layout of messages and memory; both ends are the same build, so a version is all that is compared.
enum DecoderProtocol {
  /// "BDC" and a number.
  static let version: UInt32 = 0x4243_4403
  static let messageLength = 96
  /// The longest header in the shared memory, where it comes first.
  static let headerLimit = 1 << 27
  /// The longest of an answer to `classify`, which is kept for the whole run.
  static let briefLimit = 1 << 22
  /// The longest error.
  static let errorLimit = 4096
  /// A frame's format, or the error in its place.
  static let frameStart = headerLimit
  static let formatLength = 128
  /// A frame's bytes, on a page of their own.
  static let bytesStart = frameStart + 4096
  static let memorySize = bytesStart + ImageFormat.maximumFrameBytes
}

extension DecoderRequest {
  /// Whether it may take more than a child's share.
  func isLarge(beyond share: Int) -> Bool {
    switch self {
    case .start: false
    case .classify(let heap), .open(_, _, let heap, _): heap > share / 2
    case .frame(_, let heap, let size): heap > share / 2 || size > share
    }
  }

  func message(_ sequence: UInt32) -> [UInt8] {
    let (kind, numbers): (UInt8, [Int]) =
      switch self {
      case .start(let parent, let heap, let largest, let descriptors, let structure):
        (1, [Int(parent), heap, largest, descriptors] + structure.numbers)
      case .classify(let heap): (2, [heap])
      case .open(let extent, let frame, let heap, let frameHeap):
        (3, [extent == .brief ? 1 : 0, frame, heap, frameHeap])
      case .frame(let index, let heap, let size): (4, [index, heap, size])
      }
    return DecoderMessage.bytes(sequence, kind, numbers)
  }

  static func parse(_ message: [UInt8]) throws(WireError) -> (sequence: UInt32, request: DecoderRequest) {
    let (sequence, kind, numbers) = try DecoderMessage.parse(message)
    switch kind {
    case 1:
      return (
        sequence,
        .start(
          parent: Int32(clamping: numbers[0]), heap: numbers[1], largestHeap: numbers[2], descriptors: numbers[3],
          structure: PreScanLimits(numbers: numbers[4...]))
      )
    case 2: return (sequence, .classify(heap: numbers[0]))
    case 3:
      return (
        sequence,
        .open(numbers[0] == 1 ? .brief : .full, frame: numbers[1], heap: numbers[2], frameHeap: numbers[3])
      )
    case 4: return (sequence, .frame(numbers[0], heap: numbers[1], size: numbers[2]))
    default: throw WireError(fact: "a request does not exist")
    }
  }
}

extension DecoderReply {
  func message(_ sequence: UInt32) -> [UInt8] {
    switch self {
    case .ready(let locks, let addressSpace): DecoderMessage.bytes(sequence, 1, [Int(locks), addressSpace])
    case .answer(let length, let frame): DecoderMessage.bytes(sequence, 2, [length] + frame.numbers)
    case .refusal(let length): DecoderMessage.bytes(sequence, 3, [length])
    case .needs(let heap): DecoderMessage.bytes(sequence, 4, [heap])
    }
  }

  static func parse(_ message: [UInt8], sequence expected: UInt32) throws(WireError) -> DecoderReply {
    let (sequence, kind, numbers) = try DecoderMessage.parse(message)
    guard sequence == expected else { throw WireError(fact: "it answers another request") }
    switch kind {
    case 1:
      guard let locks = UInt32(exactly: numbers[0]) else { throw WireError(fact: "a number is out of range") }
      return .ready(locks: locks, addressSpace: try checked(numbers[1], 1 << 40))
    case 2:
      return .answer(
        length: try checked(numbers[0], DecoderProtocol.headerLimit), frame: try FrameReply(Array(numbers[1...])))
    case 3: return .refusal(length: try checked(numbers[0], DecoderProtocol.errorLimit))
    case 4: return .needs(heap: try checked(numbers[0], 1 << 40))
    default: throw WireError(fact: "a reply does not exist")
    }
  }

  fileprivate static func checked(_ number: Int, _ limit: Int) throws(WireError) -> Int {
    guard (0...limit).contains(number) else { throw WireError(fact: "it is longer than allowed") }
    return number
  }
}

extension FrameReply {
  fileprivate var numbers: [Int] {
    switch self {
    case .none: [0]
    case .memory(let length): [1, length]
    case .file(let offset, let length): [2, offset, length]
    case .needs(let heap): [3, heap]
    case .refusal(let length): [4, length]
    }
  }

  fileprivate init(_ numbers: [Int]) throws(WireError) {
    switch numbers[0] {
    case 0: self = .none
    case 1: self = .memory(length: try DecoderReply.checked(numbers[1], ImageFormat.maximumFrameBytes))
    case 2:
      self = .file(
        offset: try DecoderReply.checked(numbers[1], .max),
        length: try DecoderReply.checked(numbers[2], ImageFormat.maximumFrameBytes))
    case 3: self = .needs(heap: try DecoderReply.checked(numbers[1], 1 << 40))
    case 4: self = .refusal(length: try DecoderReply.checked(numbers[1], DecoderProtocol.errorLimit))
    default: throw WireError(fact: "a frame is of no kind")
    }
  }
}

/// The form of every message: version, sequence number, kind, nine numbers, padding.
private enum DecoderMessage {
  private static let numberCount = 9

  static func bytes(_ sequence: UInt32, _ kind: UInt8, _ numbers: [Int]) -> [UInt8] {
    var writer = WireWriter()
    writer.put(DecoderProtocol.version)
    writer.put(sequence)
    writer.put(kind)
    for index in 0..<numberCount { writer.put(integer: index < numbers.count ? numbers[index] : 0) }
    return writer.bytes + [UInt8](repeating: 0, count: DecoderProtocol.messageLength - writer.bytes.count)
  }

  static func parse(_ message: [UInt8]) throws(WireError) -> (UInt32, UInt8, [Int]) {
    guard message.count == DecoderProtocol.messageLength else { throw WireError(fact: "it has the wrong length") }
    var reader = WireReader(message)
    guard try reader.number(UInt32.self) == DecoderProtocol.version else {
      throw WireError(fact: "it speaks another version")
    }
    let (sequence, kind) = (try reader.number(UInt32.self), try reader.number(UInt8.self))
    var numbers: [Int] = []
    for _ in 0..<numberCount { numbers.append(try reader.integer()) }
    return (sequence, kind, numbers)
  }
}
