internal import CSandbox
internal import DICOMCore
internal import Glibc

/// The child's end: a process that reads DICOM files for its parent and can do nothing else.
///
/// It is handed descriptors, never paths, and answers from the shared memory. Everything that is loaded on first use is
/// loaded before the sandbox closes; after that no file can be opened.
package enum DecoderService {
  /// Whether the arguments of a process say that it is a child.
  package static func isAsked(for arguments: [String]) -> Bool {
    arguments.dropFirst().elementsEqual([DecoderConfiguration.argument])
  }

  /// Serves the parent until it closes the channel. Returns the exit status.
  ///
  /// To be called on the first thread before there are others. 64 says that the process was not started as a child, 69 that it could not lock itself in.
  package static func run() -> Int32 {
    guard case .message(let message, _) = receive(milliseconds: 10_000),
      let (sequence, request) = try? DecoderRequest.parse(message),
      case .start(let parent, let addressSpace, let descriptors) = request,
      let memory = MappedMemory(Int32(CSANDBOX_MEMORY))
    else { return 64 }
    guard csandbox_follow(parent) == 0 else { return 0 }
    DICOMLibrary.prepare()
    let limits = csandbox_limits(
      address_space: UInt64(clamping: addressSpace), descriptors: UInt32(clamping: descriptors))
    guard let locks = SandboxLocks.close(all: limits) else { return 69 }
    send(.ready(locks: locks.rawValue), sequence)
    var engine = DecoderEngine(memory: memory)
    while case .message(let message, let descriptor) = receive(milliseconds: -1) {
      guard let (sequence, request) = try? DecoderRequest.parse(message) else { return 65 }
      if let reply = engine.answer(request, descriptor) { send(reply, sequence) }
    }
    return 0
  }

  private static var channel: Int32 { Int32(CSANDBOX_CHANNEL) }

  private static func send(_ reply: DecoderReply, _ sequence: UInt32) {
    // A parent that does not listen has ended, and the next message will say so.
    _ = DecoderChannel.send(reply.message(sequence), to: channel)
  }

  private static func receive(milliseconds: Int32) -> DecoderChannel.Arrival {
    DecoderChannel.receive(from: channel, takesDescriptors: true, milliseconds: milliseconds)
  }
}

/// Answers requests with what the readers of this module find.
struct DecoderEngine: ~Copyable {
  private let memory: MappedMemory
  private var image: DICOMFile?

  init(memory: MappedMemory) {
    self.memory = memory
  }

  /// - Parameter descriptor: Of the file that came with the request, or -1; taken over.
  mutating func answer(_ request: DecoderRequest, _ descriptor: Int32) -> DecoderReply? {
    var answer = WireWriter()
    do throws(DICOMFileError) {
      switch request {
      case .start: return nil
      case .classify:
        image = nil
        let source = try SourceFile(adopting: descriptor)
        answer.put(FileClassification(of: InputFile(path: "", source: ""), source))
      case .open(let extent):
        image = nil
        let opened = try DICOMFile(SourceFile(adopting: descriptor), extent)
        answer.put(opened.header)
        answer.put(opened.format)
        answer.put(integer: opened.frameCount)
        image = consume opened
      case .frame(let index): return try frame(index)
      }
      guard answer.bytes.count <= DecoderProtocol.headerLimit else { throw .outOfMemory }
    } catch {
      return refusal(error)
    }
    memory.write(answer.bytes)
    return .answer(length: answer.bytes.count)
  }

  private mutating func frame(_ index: Int) throws(DICOMFileError) -> DecoderReply {
    guard let size = image?.format.frameBytes else { throw .frameOutOfRange(index: 0, count: 0) }
    // A frame takes its own size about three times: as read, as decoded, and without its unused bits. Swift ends the
    // process where an array finds no room, so large frames are refused before that.
    guard size < 1 << 24 || csandbox_has_room(3 * size) else { throw .outOfMemory }
    guard let frame = try image?.frame(index) else { throw .frameOutOfRange(index: 0, count: 0) }
    var format = WireWriter()
    format.put(frame.format)
    guard frame.bytes.count <= ImageFormat.maximumFrameBytes, format.bytes.count <= DecoderProtocol.formatLength else {
      throw .frameTooLarge(bytes: frame.bytes.count, limit: ImageFormat.maximumFrameBytes)
    }
    memory.write(format.bytes + [UInt8](repeating: 0, count: DecoderProtocol.formatLength - format.bytes.count))
    memory.write(frame.bytes, at: DecoderProtocol.formatLength)
    return .answer(length: DecoderProtocol.formatLength + frame.bytes.count)
  }

  private func refusal(_ error: DICOMFileError) -> DecoderReply {
    var answer = WireWriter()
    answer.put(error)
    memory.write(answer.bytes)
    return .refusal(length: answer.bytes.count)
  }
}
