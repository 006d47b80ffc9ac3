internal import CSandbox
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
      case .start(let parent, let heap, let largestHeap, let descriptors, let structure) = request,
      let memory = MappedMemory(Int32(CSANDBOX_MEMORY))
    else { return 64 }
    guard csandbox_follow(parent) == 0 else { return 0 }
    DICOMLibrary.prepare()
    // Limits count from what the program takes at rest.
    var atRest: UInt64 = 0
    guard unsafe csandbox_address_space(0, &atRest) == 0 else { return 69 }
    let limits = csandbox_limits(
      address_space: atRest + UInt64(clamping: heap), largest_address_space: atRest + UInt64(clamping: largestHeap),
      descriptors: UInt32(clamping: descriptors))
    guard let locks = SandboxLocks.close(all: limits) else { return 69 }
    send(.ready(locks: locks.rawValue, addressSpace: Int(clamping: atRest)), sequence)
    var engine = DecoderEngine(memory: memory, structureLimits: structure)
    while case .message(let message, let descriptor) = receive(milliseconds: -1) {
      guard let (sequence, request) = try? DecoderRequest.parse(message) else { return 65 }
      guard let reply = engine.answer(request, descriptor) else { continue }
      // What a large file left behind is given back before the parent copies the answer and takes the allowance away.
      if request.isLarge(beyond: heap) { csandbox_release_freed_memory() }
      send(reply, sequence)
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
