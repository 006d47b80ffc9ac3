import DICOMCore
import DICOMFiles
import Foundation
import TestSupport
import Testing

/// Damaged copies of files of every origin, on the path that a run takes: structure check and decoder children.
///
/// `BUCKY_MUTATIONS` is the number of copies of each family; `BUCKY_MUTATION_SEED` the seed of the first one, those after
/// it count up from there. A failure names the family and the seed, which together make the same copy again. Copies that
/// cost a child are left in the folder `BUCKY_MUTATION_KEEP`.
struct MutationTests {
  private static let copies = number("BUCKY_MUTATIONS") ?? 500
  private static let firstSeed = UInt64(number("BUCKY_MUTATION_SEED") ?? 20_261_121)
  /// Larger frames are left out, and those after the fourth: their decoders see enough of the small ones.
  private static let frameLimit = (samples: 1 << 21, count: 4)
  private static let limits = DecoderLimits(processorSeconds: 10, clockSeconds: 60)

  private static func number(_ variable: String) -> Int? {
    ProcessInfo.processInfo.environment[variable].flatMap { Int($0) }
  }

  @Test("damaged copies harm nobody and each has an outcome", arguments: MutationFamily.all)
  func copies(of family: MutationFamily) throws {
    let files = try family.load()
    let folder = try TemporaryFolder()
    let children = try DecoderChildren(Self.limits)
    var tally = MutationTally()
    for copy in 0..<Self.copies {
      let seed = Self.firstSeed + UInt64(copy)
      let file = files[Int(seed % UInt64(files.count))]
      let other = files[Int(seed / UInt64(files.count) % UInt64(files.count))]
      var mutation = Mutation(seed: seed)
      let path = try folder.write(mutation.apply(to: file, splicing: other), to: "copy")
      let place = "\(family.name), \(file.name), BUCKY_MUTATION_SEED=\(seed)"
      let began = ContinuousClock.now
      let isSound = scan(path, place)
      let outcome = read(path, children.decoder, place)
      tally.add(outcome, place)
      if case .lost = outcome { try keep(path, "\(family.name)-\(seed)") }
      if !isSound, case .read = outcome { Issue.record("read although its structure breaks a rule: \(place)") }
      // Two children for the header, two for the frames, and the machine may be busy.
      #expect(ContinuousClock.now - began < .seconds(4 * Self.limits.clockSeconds), "\(place)")
    }
    #expect(tally.total == Self.copies)
    print("mutations of \(family.name): \(tally)")
    // These would be mistakes of ours: a trap of Swift, a system call that nobody thought of, an answer that is none.
    #expect(tally.ownMistakes.isEmpty)
  }

  /// For whoever wants to know what the copy did.
  private func keep(_ path: String, _ name: String) throws {
    guard let folder = ProcessInfo.processInfo.environment["BUCKY_MUTATION_KEEP"] else { return }
    try FileManager.default.copyItem(atPath: path, toPath: "\(folder)/\(name).dcm")
  }

  /// The structure check in this process: it may refuse, and nothing else. Returns whether it does not.
  private func scan(_ path: String, _ place: String) -> Bool {
    do throws(DICOMFileError) {
      _ = try PreScan(path: path)
      return true
    } catch {
      #expect(!error.description.isEmpty, "\(place)")
      return false
    }
  }

  private func read(_ path: String, _ decoder: FileDecoder, _ place: String) -> MutationTally.Outcome {
    switch decoder.classify(InputFile(path: path, source: "copy")) {
    case .refused(let refusal, _):
      #expect(!refusal.detail.isEmpty, "\(place)")
      return refusal.reason == .decoderLost ? .lost(refusal.detail) : .refused(refusal.reason)
    case .image(let image):
      do throws(DICOMFileError) {
        var reader = try decoder.open(path)
        guard image.format.sampleCount <= Self.frameLimit.samples else { return .read }
        for index in 0..<min(Self.frameLimit.count, reader.frameCount) { _ = try reader.frame(index) }
        return .read
      } catch {
        if case .decoderLost(let loss) = error { return .lost(loss.description) }
        #expect(!error.description.isEmpty, "\(place)")
        return .refused(error.refusalReason)
      }
    }
  }
}

/// What became of the copies of a family.
struct MutationTally: CustomStringConvertible {
  enum Outcome {
    case read
    case refused(RefusalReason)
    /// Two children, and how the second went.
    case lost(String)
  }

  private var read = 0
  private var refused: [String: Int] = [:]
  private var lost: [String: [String]] = [:]

  mutating func add(_ outcome: Outcome, _ place: String) {
    switch outcome {
    case .read: read += 1
    case .refused(let reason): refused[reason.rawValue, default: 0] += 1
    case .lost(let how): lost[how, default: []].append(place)
    }
  }

  var total: Int { read + refused.values.reduce(0, +) + lost.values.reduce(0) { $0 + $1.count } }

  /// Losses that no weakness of a library explains.
  var ownMistakes: [String] {
    lost.filter { how, _ in
      ["SIGILL", "SIGTRAP", "SIGSYS", "ended", "no valid", "could not be started"].contains { how.contains($0) }
    }.flatMap { how, places in places.map { "\(how): \($0)" } }
  }

  var description: String {
    let reasons = refused.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
    let losses = lost.sorted { $0.key < $1.key }.map { how, places in
      "\(places.count) lost, the decoder child \(how) (\(places.joined(separator: "; ")))"
    }
    return (["\(read) read"] + reasons + losses).joined(separator: ", ")
  }
}
