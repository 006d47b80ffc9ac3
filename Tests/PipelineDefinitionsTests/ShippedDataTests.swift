import Foundation
import PipelineDefinitions
import TestSupport
import Testing

struct ShippedDataTests {
  private func home(_ directory: TemporaryDirectory, at path: String) throws {
    try directory.write("\(path)/Windowing/README.md", "")
    try directory.write("\(path)/Pipelines/README.md", "")
  }

  private func resolved(_ path: String) -> String { URL(filePath: path).resolvingSymlinksInPath().path }

  @Test func `the tests find the data of this package`() throws {
    let data = try ShippedData(environment: [:])
    #expect(resolved(data.root) == resolved(PackageRoot.path))
    #expect(FileManager.default.fileExists(atPath: data.defaultPipeline))
    #expect(FileManager.default.fileExists(atPath: data.demoPipeline))
    #expect(data.demoEncoder == data.root + "/SampleStudies/demo-encoder")
  }

  @Test func `the environment comes first`() throws {
    let directory = try TemporaryDirectory()
    try home(directory, at: "home")
    let data = try ShippedData(environment: ["BUCKY_HOME": directory.path + "/home/"])
    #expect(data.root == directory.path + "/home")
  }

  @Test func `an environment that points elsewhere is an error, not a fallback`() throws {
    let directory = try TemporaryDirectory()
    try directory.write("home/Windowing/README.md", "")
    #expect(
      directory.messages { _ = try ShippedData(environment: ["BUCKY_HOME": directory.path + "/home"]) }
        == ["BUCKY_HOME is set, but home/Pipelines is not a directory"])
  }

  @Test func `an empty environment variable counts as none`() throws {
    #expect(try ShippedData(environment: ["BUCKY_HOME": ""]) == ShippedData(environment: [:]))
  }

  @Test func `an installed program finds the share directory beside it, through a link too`() throws {
    let directory = try TemporaryDirectory()
    try home(directory, at: "usr/share/bucky")
    let program = try directory.write("usr/bin/bucky", "")
    let link = directory.path + "/link"
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: program)
    for executable in [program, link] {
      let data = try ShippedData(environment: [:], executable: executable)
      #expect(data.root == resolved(directory.path) + "/usr/share/bucky")
    }
  }

  @Test func `a build finds the package it was made from`() throws {
    let directory = try TemporaryDirectory()
    try home(directory, at: "package")
    let program = try directory.write("package/.build/x86_64-unknown-linux-gnu/release/bucky", "")
    #expect(
      try ShippedData(environment: [:], executable: program).root == resolved(directory.path) + "/package")
  }

  @Test func `when nothing is found the message names every place`() throws {
    let message = DefinitionError.shippedDataNotFound(looked: ["/opt/x", "/opt/x/share/bucky"]).description
    #expect(
      message
        == "Windowing/ and Pipelines/ not found; looked in /opt/x, /opt/x/share/bucky. "
        + "Set BUCKY_HOME to the directory that holds them.")
    #expect {
      try ShippedData(environment: [:], executable: "/nowhere/bin/bucky")
    } throws: { error in
      error as? DefinitionError
        == .shippedDataNotFound(looked: [
          "/nowhere/bin", "/nowhere/bin/share/bucky", "/nowhere", "/nowhere/share/bucky", "/", "/share/bucky",
        ])
    }
  }
}
