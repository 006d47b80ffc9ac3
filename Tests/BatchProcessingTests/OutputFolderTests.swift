import BatchProcessing
import Foundation
import TestSupport
import Testing

struct OutputFolderTests {
  private let place: TemporaryFolder

  init() throws {
    place = try TemporaryFolder()
  }

  @Test func `a file appears whole under its name and nothing else is left`() throws {
    let folder = try OutputFolder(creating: place.path("out/nested"))
    try folder.publish(Array("one".utf8), as: "a/b.txt")
    try folder.publish(Array("two".utf8), as: "a/b.txt")
    #expect(try place.read("out/nested/a/b.txt") == Array("two".utf8))
    #expect(try FileManager.default.contentsOfDirectory(atPath: place.path("out/nested/a")) == ["b.txt"])
  }

  @Test func `a writer that fails leaves neither the file nor its temporary`() throws {
    let folder = try OutputFolder(creating: place.path)
    #expect(throws: BatchError.cancelled) {
      try folder.publish("result") { temporary throws(BatchError) in
        try? Data("half".utf8).write(to: URL(filePath: temporary))
        throw BatchError.cancelled
      }
    }
    #expect(!place.exists("result"))
    #expect(try TemporaryFolder.contents(of: place.path).keys.allSatisfy { !$0.contains("unfinished") })
  }

  @Test func `a file is its owner's alone until it is a result`() throws {
    func mode(_ path: String) throws -> Int {
      try #require(FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int)
    }
    let plain = try mode(place.write("made as any program makes a file", to: "plain"))
    let folder = try OutputFolder(creating: place.path("out"))
    var unfinished = 0
    try folder.publish("result") { temporary throws(BatchError) in
      unfinished = (try? mode(temporary)) ?? 0
      try? Data("whole".utf8).write(to: URL(filePath: temporary))
    }
    #expect(unfinished == 0o600)
    #expect(try mode(place.path("out/result")) == plain)
  }

  @Test func `what a killed run left is removed and results stay`() throws {
    try place.write("half", to: "studies/1.2.3/\(OutputFolder.temporaryPrefix)report.json")
    try place.write("whole", to: "studies/1.2.3/report.json")
    _ = try OutputFolder(creating: place.path)
    #expect(!place.exists("studies/1.2.3/\(OutputFolder.temporaryPrefix)report.json"))
    #expect(place.exists("studies/1.2.3/report.json"))
  }

  @Test func `two runs cannot hold one folder, and the second can when the first is done`() throws {
    do {
      let first = try OutputFolder(creating: place.path)
      #expect(throws: BatchError.outputInUse(path: first.path)) { try OutputFolder(creating: place.path) }
    }
    #expect(throws: Never.self) { try OutputFolder(creating: place.path) }
  }

  @Test func `a folder that cannot be made says which part of the path is in the way`() throws {
    try place.write("a file", to: "taken")
    #expect(throws: BatchError.outputNotCreatable(path: place.path("taken/out"), errno: ENOTDIR)) {
      try OutputFolder(creating: place.path("taken/out"))
    }
  }

  @Test(arguments: [
    (BatchError.inputMissing(path: "x"), Int32(66)), (.noDICOMFound, 66),
    (.outputNotCreatable(path: "x", errno: 13), 73),
    (.outputNotWritable(path: "x", errno: 28), 74), (.outputInUse(path: "x"), 75), (.configuration("x"), 78),
    (.unexpected("x"), 70), (.cancelled, 130),
  ])
  func `every failure has the exit code of its kind`(error: BatchError, code: Int32) {
    #expect(error.exitCode == code)
  }
}
