import DICOMFiles
import Foundation
import TestSupport
import Testing

/// Names that are no text, or text that was not meant to be a name.
struct NameTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func makeFile(named name: [UInt8]) {
    let path = (Array(folder.path.utf8) + [0x2F] + name + [0]).map { CChar(bitPattern: $0) }
    let descriptor = unsafe creat(path, 0o600)
    #expect(descriptor >= 0)
    close(descriptor)
  }

  @Test func `names that are no UTF-8 are each reported instead of lost`() throws {
    try folder.write([1], to: "good")
    try folder.write([1], to: "caf\\xE9")
    for name in [[0xE9], [0xC3, 0x28], Array("caf".utf8) + [0xE9], [0xFF, 0x0A]] as [[UInt8]] { makeFile(named: name) }
    let discovery = InputDiscovery.discover([folder.path])
    #expect(discovery.files.map(\.source) == ["caf\\xE9", "good"])
    #expect(discovery.refusals.map(\.source) == ["\\xC3(", "\\xE9", "\\xFF\\x0A", "caf\\xE9 (2)"])
    #expect(discovery.refusals.allSatisfy { $0.reason == .unreadable && $0.detail == "the file name is not UTF-8" })
  }

  @Test(arguments: [
    "two\nlines", "\u{1B}[2Jgone", "tab\tand\rreturn", "\u{9B}31m", "-rf", "a ", "\u{202E}dcm.exe", "\\",
  ])
  func `a name with control characters is a name`(name: String) throws {
    let path = try folder.write([1], to: name)
    let discovery = InputDiscovery.discover([folder.path])
    #expect(discovery.files == [InputFile(path: path, source: name)])
    #expect(discovery.refusals.isEmpty)
  }

  @Test func `a folder deeper than a path may be long is walked`() throws {
    let name = String(repeating: "d", count: 200)
    var current = unsafe open(folder.path, O_RDONLY | O_DIRECTORY)
    for _ in 0..<30 {
      #expect(unsafe mkdirat(current, name, 0o700) == 0)
      let next = unsafe openat(current, name, O_RDONLY | O_DIRECTORY)
      close(current)
      current = next
    }
    close(unsafe openat(current, "file", O_CREAT | O_WRONLY, 0o600))
    close(current)
    let discovery = InputDiscovery.discover([folder.path])
    #expect(discovery.files.count == 1)
    #expect(discovery.files.first?.source.utf8.count ?? 0 > 4096)
    // The system's own path functions cannot remove it.
    let remove = try #require(ExternalCommand("rm"))
    #expect(try remove.run(["-r", folder.path(name)]).status == 0)
  }
}
