import DICOMCore
import DICOMFiles
import Foundation
import TestSupport
import Testing

/// Children that die, hang or lie cost at most the file they had.
struct LostDecoderTests {
  private let folder: TemporaryFolder
  private let path: String

  init() throws {
    folder = try TemporaryFolder()
    path = folder.path("image")
    try DICOMFileWriter.write(
      SampleObjects.secondaryCapture(), transferSyntax: .explicitVRLittleEndian,
      frames: (1...3).map { SampleObjects.frame(seed: $0) }, to: path)
  }

  private var input: InputFile { InputFile(path: path, source: "image") }

  /// How the file is refused, when it is; the first frame is asked for with the header.
  private func loss(_ children: DecoderChildren) -> DecoderLoss? {
    do throws(DICOMFileError) {
      var image = try children.decoder.open(path, frame: 0)
      _ = try image.frame(0)
      return nil
    } catch {
      guard case .decoderLost(let loss) = error else { return nil }
      return loss
    }
  }

  // MARK: Real children

  @Test("a child that gets a signal between two frames is replaced", arguments: [SIGKILL, SIGSEGV, SIGSTOP, SIGTERM])
  func signals(number: Int32) throws {
    let children = try DecoderChildren(DecoderLimits(clockSeconds: 2))
    var image = try children.decoder.open(path)
    var frames = [try image.frame(0)]
    children.signal(number)
    for index in 1..<3 { frames.append(try image.frame(index)) }
    #expect(frames == (1...3).map { SampleObjects.frame(seed: $0) })
  }

  @Test func `a file that two children are lost with is refused with the signal, and the next file is read`() throws {
    let children = try DecoderChildren()
    var image = try children.decoder.open(path)
    children.signal(SIGKILL)
    _ = try image.frame(0)
    children.signal(SIGABRT)
    #expect(throws: DICOMFileError.decoderLost(.signal(SIGABRT))) { try image.frame(1) }
    // The third child is not asked for.
    #expect(throws: DICOMFileError.decoderLost(.signal(SIGABRT))) { try image.frame(2) }
    #expect(children.processes.isEmpty)
    #expect(DecodedFile(path, children.decoder) == DecodedFile(path, .inProcess))
  }

  @Test func `children are used again, and replaced after their share of files`() throws {
    let children = try DecoderChildren(DecoderLimits(filesPerChild: 4))
    var seen: Set<pid_t> = []
    for _ in 0..<10 {
      guard case .image = children.decoder.classify(input) else { throw DICOMFileError.notDICOM }
      seen.formUnion(children.processes)
      #expect(children.processes.count <= 1)
    }
    // The fourth file is a child's last, and it has ended when the file is done.
    #expect(seen.count == 3)
  }

  @Test func `children end with their pool`() throws {
    var children: DecoderChildren? = try DecoderChildren(DecoderLimits(workers: 3))
    children?.pool.start(ahead: 3)
    // A process has its name a moment after it was started.
    var processes: [pid_t] = []
    for _ in 0..<500 where processes.count < 3 {
      usleep(10_000)
      processes = try #require(children).processes
    }
    #expect(processes.count == 3)
    children = nil
    for process in processes { #expect(kill(process, 0) == -1) }
  }

  @Test func `a child outlives the thread that asked for it`() throws {
    let children = try DecoderChildren()
    let thread = Thread { _ = try? children.pool.start() }
    thread.start()
    while !thread.isFinished { usleep(1000) }
    // Time for the thread itself to end, which the kernel would tell a child of that thread.
    usleep(300_000)
    #expect(children.processes.count == 1)
    #expect(DecodedFile(path, children.decoder) == DecodedFile(path, .inProcess))
  }

  // MARK: Programs that are none

  @Test func `a program that is not there, or no child, is named`() throws {
    let absent = DecoderPool(DecoderConfiguration(executable: "/nowhere/bucky"))
    #expect(throws: DecoderLoss.notStarted(errno: ENOENT)) { try absent.start() }
    let wrong = DecoderPool(DecoderConfiguration(executable: "/bin/false"))
    #expect(throws: DecoderLoss.ended(status: 1)) { try wrong.start() }
    guard case .refused(let refusal, nil) = FileDecoder.children(wrong).classify(input) else {
      Issue.record("classified without a decoder")
      return
    }
    #expect(refusal.reason == .decoderLost)
    #expect(refusal.detail == "the decoder child ended with status 1")
  }

  @Test(
    "a child that answers nonsense is lost, whatever the nonsense",
    arguments: [
      ("echo nonsense >&3", "it has the wrong length"),
      ("head -c 4096 /dev/zero >&3", "it has the wrong length"),
      ("head -c 96 /dev/zero >&3", "it speaks another version"),
      (FakeReply.ready(locks: 0), "it is not locked in"),
      (FakeReply.ready(locks: 7, sequence: 9), "it answers another request"),
      (FakeReply.message(9, []), "a reply does not exist"),
      (FakeReply.answering(2, [1 << 40]), "it is longer than allowed"),
      (FakeReply.answering(2, [-1]), "it is longer than allowed"),
      (FakeReply.answering(2, [1 << 28]), "it is longer than allowed"),
      (FakeReply.answering(3, [1 << 20]), "it is longer than allowed"),
      (FakeReply.answering(4, [-1]), "it is longer than allowed"),
      (FakeReply.answering(1, [7]), "it was ready before"),
      (FakeReply.answering(2, [0, 9]), "a frame is of no kind"),
      (FakeReply.answering(2, [0, 1, 1 << 30]), "it is longer than allowed"),
      (FakeReply.answering(2, [0]), "it ends too early"),
      (FakeReply.answering(2, [100]), "a UID is malformed"),
      (FakeReply.answering(3, [1], memory: [0xFF]), "an error does not exist"),
    ])
  func nonsense(script: String, fact: String) throws {
    #expect(loss(try DecoderChildren(script: script + "\nsleep 5")) == .invalidReply(fact: fact))
  }

  @Test func `a child that says nothing is killed when its time is over`() throws {
    #expect(loss(try DecoderChildren(script: "sleep 60", DecoderLimits(clockSeconds: 1))) == .clockTime(seconds: 1))
    let silent = try DecoderChildren(script: FakeReply.ready + "\nsleep 60", DecoderLimits(clockSeconds: 1))
    #expect(loss(silent) == .clockTime(seconds: 1))
  }

  @Test func `headers and frames that cannot be are no valid answers`() throws {
    // Transfer syntax, no meta information, no elements.
    let header = FakeReply.text("1.2.840.10008.1.2") + [0] + FakeReply.number(0, 4)
    func format(_ numbers: [Int], isFloat: Bool = false) -> [UInt8] {
      numbers.flatMap { FakeReply.number($0, 8) } + [0, isFloat ? 1 : 0] + FakeReply.text("MONOCHROME2")
    }
    let good = format([4, 4, 1, 8, 8, 7])
    let cases: [(bytes: [UInt8], fact: String)] = [
      (header + good + FakeReply.number(1 << 30, 8), "a number is out of range"),
      (header + format([70_000, 4, 1, 8, 8, 7]), "a number is out of range"),
      (header + format([4, 4, 1, 8, 9, 8]), "a number is out of range"),
      (header + format([4, 4, 1, 8, 8, 7], isFloat: true), "Bits Allocated does not exist"),
      (header + format([4, 4, 1, 64, 64, 63]), "Bits Allocated does not exist"),
      (header + format([4, 4, 3, 8, 8, 7]), "Photometric Interpretation does not fit"),
      (header + format([65_535, 65_535, 1, 8, 8, 7]), "a frame is too large"),
      (header + good + FakeReply.number(1, 8) + [1], "something follows its end"),
      (FakeReply.text("1.2") + [0] + FakeReply.number(0xFFFF_FFFF, 4), "a count exceeds what follows"),
      (FakeReply.text("1.2") + [7], "a flag is neither 0 nor 1"),
    ]
    for (bytes, fact) in cases {
      let script = FakeReply.answering(2, [bytes.count], memory: bytes)
      #expect(loss(try DecoderChildren(script: script + "\nsleep 5")) == .invalidReply(fact: fact))
    }
    // Frames of 16 bytes that come with a good header: 1 in memory, 2 in the file.
    let object = header + good + FakeReply.number(1, 8)
    let wide = format([4, 4, 1, 16, 16, 15])
    let frames: [(reply: [Int], format: [UInt8], fact: String)] = [
      ([0], good, "a frame is missing"),
      ([1, 15], good, "a frame does not fit its image"),
      ([1, 32], wide, "a frame does not fit its image"),
      ([1, 16], format([4, 4, 1, 8, 9, 8]), "a number is out of range"),
      ([2, 1 << 40, 16], good, "a frame lies outside its file"),
      ([4, 1], [0xFF], "an error does not exist"),
    ]
    for (reply, format, fact) in frames {
      let script = FakeReply.answering(2, [object.count] + reply, memory: object, frame: format)
      #expect(loss(try DecoderChildren(script: script + "\nsleep 5")) == .invalidReply(fact: fact))
    }
  }

  @Test func `a child that wants more memory again and again gets it once`() throws {
    let script = FakeReply.answering(4, [1 << 27]) + "\ndd bs=128 count=1 <&3 >/dev/null\n"
    let again = FakeReply.message(4, [1 << 28], sequence: 2)
    let insatiable = try DecoderChildren(script: script + again + "\nsleep 5")
    do throws(DICOMFileError) {
      _ = try insatiable.decoder.open(path)
      Issue.record("a header was read that nobody sent")
    } catch {
      #expect(error == .outOfMemory)
    }
    let greedy = try DecoderChildren(script: FakeReply.answering(4, [1 << 39]) + "\nsleep 5")
    do throws(DICOMFileError) {
      _ = try greedy.decoder.open(path)
    } catch {
      #expect(error == .memoryExceeded(needed: 1 << 40, limit: 1 << 30))
    }
    #expect(greedy.pool.refusals.counts == ["--decoder-memory": 1])
  }
}

/// What a script sends in place of a child: messages and memory as octal escapes of `printf`.
enum FakeReply {
  static func number(_ value: Int, _ width: Int) -> [UInt8] {
    (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }

  static func text(_ text: String) -> [UInt8] { number(text.utf8.count, 4) + Array(text.utf8) }

  /// Version, sequence, kind, nine numbers, padding to 96 bytes.
  static func message(_ kind: UInt8, _ numbers: [Int], sequence: Int = 0) -> String {
    let padded = numbers + [Int](repeating: 0, count: 9 - numbers.count)
    let bytes = number(0x4243_4403, 4) + number(sequence, 4) + [kind] + padded.flatMap { number($0, 8) }
    return print(bytes + [UInt8](repeating: 0, count: 96 - bytes.count), to: 3)
  }

  static func ready(locks: Int, sequence: Int = 0) -> String { message(1, [locks, 1 << 28], sequence: sequence) }

  /// Becomes ready as a child does.
  static let ready = "dd bs=128 count=1 <&3 >/dev/null\n" + ready(locks: 7)

  /// Becomes ready, waits for the first request, fills the memory and answers.
  static func answering(
    _ kind: UInt8, _ numbers: [Int], memory: [UInt8] = [], frame: [UInt8] = []
  ) -> String {
    [
      ready, "dd bs=128 count=1 <&3 >/dev/null", memory.isEmpty ? ":" : print(memory, to: 4),
      frame.isEmpty
        ? ":"
        : "(" + print(frame, to: 1) + ") | dd of=/proc/self/fd/4 bs=1 seek=\(1 << 27) conv=notrunc 2>/dev/null",
      message(kind, numbers, sequence: 1),
    ].joined(separator: "\n")
  }

  private static func print(_ bytes: [UInt8], to descriptor: Int) -> String {
    let escapes = bytes.map {
      "\\" + String(repeating: "0", count: 3 - String($0, radix: 8).count) + String($0, radix: 8)
    }
    return "printf '\(escapes.joined())' >&\(descriptor)"
  }
}
