import DICOMCore
import DICOMFiles
import TestSupport
import Testing

struct StudyCollectionTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func write(
    _ name: String, _ study: String, _ series: String, _ instance: String, number: String? = nil,
    seed: UInt64 = 1, transferSyntax: UID = .explicitVRLittleEndian
  ) throws {
    var dataSet = SampleObjects.secondaryCapture(instance: instance, series: series, study: study)
    if let number { dataSet.set(.instanceNumber, .is, number) } else { dataSet[.instanceNumber] = nil }
    try DICOMFileWriter.write(
      dataSet, transferSyntax: transferSyntax, frames: [SampleObjects.frame(seed: seed)], to: folder.path(name))
  }

  private func candidates() -> [ImageCandidate] {
    InputDiscovery.discover([folder.path]).files.compactMap {
      guard case .image(let candidate) = FileClassification(of: $0) else { return nil }
      return candidate
    }
  }

  @Test func `of two copies the whole one is used`() throws {
    try write("b", "1.2.9", "1.2.9.1", "1.2.9.1.1")
    let whole = try folder.read("b")
    // Pixel Data is last, and its length the four bytes before 48 bytes of samples.
    try folder.write(whole.dropLast(52) + [0xF0, 0xFF, 0xFF, 0xFF] + whole.suffix(48), to: "a")
    let collection = StudyCollection(grouping: candidates(), decoder: .inProcess)
    #expect(collection.studies.flatMap(\.instances).map(\.file.source) == ["b"])
    #expect(collection.refusals.map(\.source) == ["a"])
    #expect(collection.refusals.map(\.reason) == [.duplicateInstance])
  }

  @Test func `images are grouped by study and series and sorted, whatever the order of files`() throws {
    try write("a", "1.2.9", "1.2.9.2", "1.2.9.2.1", number: "10")
    try write("b", "1.2.9", "1.2.9.2", "1.2.9.2.2", number: "9")
    try write("c", "1.2.9", "1.2.9.1", "1.2.9.1.2")
    try write("d", "1.2.9", "1.2.9.1", "1.2.9.1.1")
    try write("e", "1.2.9", "1.2.9.1", "1.2.9.1.9", number: "1")
    try write("f", "1.2.10", "1.2.10.1", "1.2.10.1.1", number: "1")
    let candidates = candidates()
    let collection = StudyCollection(grouping: candidates, decoder: .inProcess)
    #expect(collection.studies.map(\.studyInstanceUID.value) == ["1.2.10", "1.2.9"])
    #expect(collection.studies[1].series.map(\.seriesInstanceUID.value) == ["1.2.9.1", "1.2.9.2"])
    #expect(collection.studies[1].instances.map(\.file.source) == ["e", "d", "c", "b", "a"])
    #expect(collection.refusals.isEmpty)
    #expect(StudyCollection(grouping: candidates.reversed(), decoder: .inProcess) == collection)
  }

  @Test func `a second copy is a duplicate, even in another transfer syntax`() throws {
    try write("1", "1.2", "1.2.1", "1.2.1.1", number: "1")
    try write("2", "1.2", "1.2.1", "1.2.1.1", number: "1")
    try write("3", "1.2", "1.2.1", "1.2.1.1", number: "1", transferSyntax: .jpegLSLossless)
    let candidates = candidates()
    let collection = StudyCollection(grouping: candidates.reversed(), decoder: .inProcess)
    #expect(collection.studies.flatMap(\.instances).map(\.file.source) == ["1"])
    #expect(collection.refusals.map(\.source) == ["2", "3"])
    #expect(collection.refusals.map(\.reason) == [.duplicateInstance, .duplicateInstance])
    #expect(collection.refusals.map(\.outcome) == [.skipped, .skipped])
  }

  @Test func `other content under the same UID conflicts`() throws {
    try write("1", "1.2", "1.2.1", "1.2.1.1", number: "1")
    try write("2", "1.2", "1.2.1", "1.2.1.1", number: "1", seed: 2)
    try write("3", "1.2", "1.2.1", "1.2.1.1", number: "7")
    let collection = StudyCollection(grouping: candidates(), decoder: .inProcess)
    #expect(collection.studies.flatMap(\.instances).map(\.file.source) == ["1"])
    #expect(collection.refusals.map(\.reason) == [.conflictingInstance, .conflictingInstance])
    #expect(collection.refusals.map(\.outcome) == [.quarantined, .quarantined])
    #expect(collection.refusals[0].detail.contains("1.2.1.1"))
  }

  @Test func `every file has exactly one outcome`() throws {
    try write("1", "1.2", "1.2.1", "1.2.1.1", number: "1")
    try write("2", "1.2", "1.2.1", "1.2.1.1", number: "1")
    try write("3", "1.2", "1.2.1", "1.2.1.2", number: "2")
    try folder.write(Array("text".utf8), to: "4")
    try folder.write([], to: "5")
    let discovery = InputDiscovery.discover([folder.path])
    var outcomes = discovery.refusals.map(\.source)
    var candidates: [ImageCandidate] = []
    for file in discovery.files {
      switch FileClassification(of: file) {
      case .image(let candidate): candidates.append(candidate)
      case .refused(let refusal, _): outcomes.append(refusal.source)
      }
    }
    let collection = StudyCollection(grouping: candidates, decoder: .inProcess)
    outcomes += collection.refusals.map(\.source)
    outcomes += collection.studies.flatMap(\.instances).map(\.file.source)
    #expect(outcomes.sorted() == ["1", "2", "3", "4", "5"])
  }
}
