import DICOMCore
import DICOMFiles
import Foundation
import TestSupport
import Testing

struct DiscoveryTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func sources(_ discovery: InputDiscovery) -> [String] { discovery.files.map(\.source) }

  @Test func `files of every name are found, sorted bytewise`() throws {
    for name in ["b/2", "b/1.dcm", "a/x/IM0001", "Z.txt", ".hidden", "a.dcm", "ä"] { try folder.write([1], to: name) }
    let discovery = InputDiscovery.discover([folder.path])
    #expect(sources(discovery) == [".hidden", "Z.txt", "a.dcm", "a/x/IM0001", "b/1.dcm", "b/2", "ä"])
    #expect(discovery.refusals.isEmpty)
    for file in discovery.files { #expect(FileManager.default.fileExists(atPath: file.path)) }
  }

  @Test func `an excluded directory is passed over`() throws {
    for name in ["in/1", "out/2", "in/out/3"] { try folder.write([1], to: name) }
    let discovery = InputDiscovery.discover(
      [folder.path], excluding: [folder.path("out") + "/", folder.path("absent")])
    #expect(sources(discovery) == ["in/1", "in/out/3"])
  }

  @Test func `a file reached by two arguments is read once`() throws {
    let path = try folder.write([1], to: "a/1")
    let discovery = InputDiscovery.discover([folder.path, folder.path("a"), path, folder.path("a/../a/1")])
    #expect(sources(discovery) == [folder.path + "/a/1"])
  }

  @Test func `an argument that does not exist is unreadable, the others go on`() throws {
    try folder.write([1], to: "1")
    let discovery = InputDiscovery.discover([folder.path("absent"), folder.path("1")])
    #expect(sources(discovery) == [folder.path("1")])
    #expect(discovery.refusals.map(\.reason) == [.unreadable])
    #expect(discovery.refusals.map(\.source) == [folder.path("absent")])
  }

  @Test func `a pipe, a socket and a device are neither opened nor waited for`() throws {
    #expect(unsafe mkfifo(folder.path("pipe"), 0o600) == 0)
    // A socket leaves its entry behind.
    #expect(unsafe mknod(folder.path("socket"), S_IFSOCK | 0o600, 0) == 0)
    let discovery = InputDiscovery.discover([folder.path, "/dev/null"])
    #expect(discovery.files.isEmpty)
    #expect(discovery.refusals.map(\.reason) == [.notARegularFile, .notARegularFile, .notARegularFile])
    #expect(discovery.refusals.map(\.source) == ["/dev/null", folder.path("pipe"), folder.path("socket")])
    for name in ["pipe", "socket"] {
      #expect(refusal(InputFile(path: folder.path(name), source: name))?.reason == .notARegularFile)
    }
  }

  @Test(.enabled(if: geteuid() != 0, "the superuser may read everything: permissions go unchecked in this run"))
  func `a directory and a file without read permission are reported`() throws {
    try folder.write([1], to: "closed/1")
    let path = try folder.write([1], to: "secret")
    let manager = FileManager.default
    try manager.setAttributes([.posixPermissions: 0], ofItemAtPath: folder.path("closed"))
    try manager.setAttributes([.posixPermissions: 0], ofItemAtPath: path)
    defer { try? manager.setAttributes([.posixPermissions: 0o700], ofItemAtPath: folder.path("closed")) }
    let discovery = InputDiscovery.discover([folder.path])
    #expect(
      discovery.refusals == [
        InputRefusal(source: "closed/", reason: .permissionDenied, detail: "no permission to read")
      ])
    #expect(discovery.files.map(\.source) == ["secret"])
    #expect(refusal(discovery.files[0])?.reason == .permissionDenied)
  }

  /// The path to `errno` that the test above takes, for the superuser too.
  @Test func `permission errors keep their reason`() {
    #expect(DICOMFileError.permissionDenied.refusalReason == .permissionDenied)
    #expect(RefusalReason.permissionDenied.outcome == .quarantined)
  }

  private func refusal(_ file: InputFile) -> InputRefusal? {
    guard case .refused(let refusal, _) = FileClassification(of: file) else { return nil }
    return refusal
  }
}
