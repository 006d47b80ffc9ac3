import DICOMFiles
import Foundation
import TestSupport
import Testing

/// Symbolic links below the inputs.
struct LinkTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write([1], to: "in/real")
    try folder.write([1], to: "elsewhere/file")
    try folder.write([1], to: "elsewhere/deep/file")
  }

  private func link(_ name: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(atPath: folder.path(name), withDestinationPath: target)
  }

  private func discover(followingLinks: Bool, excluding: [String] = []) -> InputDiscovery {
    InputDiscovery.discover(InputPaths([folder.path("in")], followsLinks: followingLinks), excluding: excluding)
  }

  private func refusals(_ discovery: InputDiscovery) -> [String] {
    discovery.refusals.map { "\($0.source): \($0.reason.rawValue), \($0.detail)" }
  }

  @Test func `links are not followed, each is skipped and says why`() throws {
    try link("in/dangling", to: "nowhere")
    try link("in/inside", to: "real")
    try link("in/loop", to: ".")
    try link("in/outside", to: "../elsewhere/file")
    try link("in/outside-folder", to: "../elsewhere")
    try link("in/self", to: "self")
    let discovery = discover(followingLinks: false)
    #expect(discovery.files.map(\.source) == ["real"])
    #expect(
      refusals(discovery) == [
        "dangling: symbolic-link, a link that leads nowhere: cannot be read: No such file or directory",
        "inside: symbolic-link, a link to something that is read at its own place",
        "loop: symbolic-link, a link to something that is read at its own place",
        "outside: symbolic-link, a link that leads out of the input; --follow-links reads what it leads to",
        "outside-folder: symbolic-link, a link that leads out of the input; --follow-links reads what it leads to",
        "self: symbolic-link, a link that leads nowhere: cannot be read: Too many levels of symbolic links",
      ])
    #expect(discovery.refusals.allSatisfy { $0.outcome == .skipped })
  }

  @Test func `an argument that is a link is followed, since the user named it`() throws {
    try link("folder-link", to: "in")
    try link("file-link", to: "elsewhere/file")
    let discovery = InputDiscovery.discover([folder.path("folder-link"), folder.path("file-link")])
    #expect(discovery.files.map(\.source) == [folder.path("file-link"), folder.path("folder-link/real")])
    #expect(discovery.files.map(\.path) == [folder.path("elsewhere/file"), folder.path("in/real")])
  }

  @Test func `followed links lead out of the input, and keep their name`() throws {
    try link("in/a-file", to: "../elsewhere/file")
    try link("in/folder", to: "../elsewhere/deep")
    let discovery = discover(followingLinks: true)
    #expect(discovery.files.map(\.source) == ["a-file", "folder/file", "real"])
    #expect(
      discovery.files.map(\.path) == [
        folder.path("elsewhere/file"), folder.path("elsewhere/deep/file"), folder.path("in/real"),
      ])
    #expect(discovery.refusals.isEmpty)
  }

  @Test func `loops end, and no file is read twice`() throws {
    try link("in/loop", to: ".")
    try link("in/up", to: "..")
    try link("elsewhere/back", to: "../in")
    try link("elsewhere/deep/round", to: "../../elsewhere")
    try link("in/inside", to: "real")
    try link("in/self", to: "self")
    try link("in/again", to: "../elsewhere/file")
    let discovery = discover(followingLinks: true)
    #expect(discovery.files.map(\.source) == ["again", "real", "up/elsewhere/deep/file"])
    #expect(
      refusals(discovery) == [
        "inside: symbolic-link, a link to a file that is read at its own place",
        "loop: symbolic-link, a link to a folder that is read at its own place",
        "self: unreadable, cannot be read: Too many levels of symbolic links",
        "up/elsewhere/back: symbolic-link, a link to a folder that is read at its own place",
        "up/elsewhere/deep/round: symbolic-link, a link to a folder that is read at its own place",
      ])
  }

  @Test func `two links to one file outside give it once, to the same one every time`() throws {
    for name in ["z", "m", "a"] { try link("in/" + name, to: "../elsewhere/file") }
    let discovery = discover(followingLinks: true)
    #expect(discovery.files.map(\.source) == ["a", "real"])
    #expect(discovery.refusals.map(\.source) == ["m", "z"])
  }

  @Test func `a followed link that leads nowhere is quarantined`() throws {
    try link("in/dangling", to: "nowhere")
    let discovery = discover(followingLinks: true)
    #expect(refusals(discovery) == ["dangling: unreadable, cannot be read: No such file or directory"])
    #expect(discovery.refusals[0].outcome == .quarantined)
  }

  @Test func `a followed link to the output of the run is passed over`() throws {
    try link("in/output", to: "../elsewhere")
    try link("in/deep", to: "../elsewhere/deep/file")
    let discovery = discover(followingLinks: true, excluding: [folder.path("elsewhere")])
    #expect(discovery.files.map(\.source) == ["real"])
    let detail = "a link to the output of this run"
    #expect(discovery.refusals.map(\.detail) == [detail, detail])
  }

  @Test func `a followed link to a pipe is not waited for`() throws {
    #expect(unsafe mkfifo(folder.path("pipe"), 0o600) == 0)
    try link("in/pipe", to: "../pipe")
    #expect(discover(followingLinks: true).refusals.map(\.reason) == [.notARegularFile])
  }

  // MARK: Changes between the look and the reading

  @Test func `a file that became a link after it was found is not read`() throws {
    let found = try #require(discover(followingLinks: false).files.first)
    try FileManager.default.removeItem(atPath: found.path)
    try link("in/real", to: "../elsewhere/file")
    guard case .refused(let refusal, _) = FileClassification(of: found) else {
      Issue.record("the link was followed")
      return
    }
    #expect(refusal.reason == .unreadable)
    #expect(refusal.detail.contains("symbolic links"))
  }

  @Test func `a folder that became a link after it was walked is not entered`() throws {
    try folder.write([1], to: "in/sub/file")
    let found = try #require(discover(followingLinks: false).files.first { $0.source == "sub/file" })
    try FileManager.default.removeItem(atPath: folder.path("in/sub"))
    try link("in/sub", to: "../elsewhere")
    guard case .refused(let refusal, _) = FileClassification(of: found) else {
      Issue.record("the link was followed")
      return
    }
    #expect(refusal.reason == .unreadable)
  }
}
