import DICOMCore
import Findings
import Foundation
import PipelineDefinitions
import PixelTransforms
import TestSupport
import Testing

struct ShippedDefinitionTests {
  private func catalog() throws -> WindowCatalog { try WindowCatalog(loading: PackageRoot.path("Windowing")) }

  private static func yamlFiles(_ directory: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: PackageRoot.path(directory))
      .filter { $0.hasSuffix(".yaml") }.sorted()
  }

  @Test func `every pipeline loads`() throws {
    let windows = try catalog().windows
    let files = try Self.yamlFiles("Pipelines")
    #expect(files.contains("nightly-triage.yaml") && files.contains("phantom-demo.yaml"))
    // What lies beside the pipelines and has loaders, and tests, of its own.
    let others: Set<String> = ["research-export.yaml", "burned-in-regions.yaml"]
    for file in files where !others.contains(file) {
      let path = PackageRoot.path("Pipelines/\(file)")
      let pipeline = try Pipeline(loading: path, windows: windows)
      #expect("\(pipeline.id).yaml" == file)
      #expect(pipeline.digest == ContentDigest(of: try Data(contentsOf: URL(filePath: path))))
    }
  }

  @Test func `every label set loads`() throws {
    for file in try Self.yamlFiles("Pipelines/labels") {
      let path = PackageRoot.path("Pipelines/labels/\(file)")
      let labelSet = try LabelSet(loading: path)
      #expect("\(labelSet.id).yaml" == file)
      #expect(labelSet.digest == ContentDigest(of: try Data(contentsOf: URL(filePath: path))))
      // A threshold without calibration has to say so.
      for label in labelSet.findings { #expect(label.threshold.source.contains("Uncalibrated")) }
    }
  }

  @Test func `every window loads`() throws {
    let catalog = try catalog()
    #expect(!catalog.windows.isEmpty)
    #expect(catalog.digests.count == (try Self.yamlFiles("Windowing").count))
    #expect(catalog.window(named: "ct-soft-tissue")?.channels.first?.center == 40)
  }

  /// Table A4 of the MedGemma Technical Report, with "mild / moderate / severe" written out.
  @Test(arguments: [
    ("atelectasis", 2, 3, "46621007"), ("cardiomegaly", 6, 4, "8186001"), ("consolidation", 3, 6, "consolidation"),
    ("edema", 3, 3, "19242006"), ("enlarged-cardiomediastinum", 2, 1, "cardiomediast"),
    ("fracture", 2, 2, "fracture"), ("lung-lesion", 1, 3, "27925004"), ("lung-opacity", 10, 9, "112001"),
    ("pleural-effusion", 3, 3, "60046008"), ("pleural-other", 1, 2, "pleural-other"), ("pneumonia", 2, 1, "233604007"),
    ("pneumothorax", 3, 1, "36118008"), ("support-devices", 1, 5, "support-devices"),
  ])
  func `the CheXpert findings have the published number of prompts`(
    name: String, absent: Int, present: Int, code: String
  ) throws {
    let labelSet = try LabelSet(loading: PackageRoot.path("Pipelines/labels/chexpert-13.yaml"))
    let label = try #require(labelSet.findings.first { $0.name == name })
    #expect(label.absent.count == absent)
    #expect(label.present.count == present)
    #expect(label.code.value == code)
  }

  @Test func `the CheXpert prompts are the published ones`() throws {
    let labelSet = try LabelSet(loading: PackageRoot.path("Pipelines/labels/chexpert-13.yaml"))
    #expect(labelSet.findings.count == 13)
    let heart = try #require(labelSet.findings.first { $0.name == "cardiomegaly" })
    #expect(
      heart.present
        == ["mild cardiomegaly", "moderate cardiomegaly", "severe cardiomegaly", "enlarged cardiac silhouette"])
    let lines = labelSet.findings.flatMap { [$0.name] + $0.absent.map { "- \($0)" } + $0.present.map { "+ \($0)" } }
    // Recorded from the table; a change to any prompt changes it.
    #expect(
      ContentDigest(ofText: lines.joined(separator: "\n")).description
        == "sha256:909cbf8e27dc215ef9a28415da877baf59717b9b6ed8b1ce362fbd67c27d5f48")
  }

  @Test func `the nightly pipeline covers adults' chest radiographs and nothing else`() throws {
    let pipeline = try Pipeline(loading: PackageRoot.path("Pipelines/nightly-triage.yaml"), windows: [])
    #expect(pipeline.selection.modalities == ["CR", "DX"])
    #expect(pipeline.selection.minimumAge == 18)
    #expect(pipeline.selection.whenBodyPartIsUnknown == .noAssist)
    #expect(pipeline.window == .automatic && pipeline.preset == .tfBilinearPadded)
    #expect(pipeline.aggregation == .max)
    #expect(pipeline.labelSet.id == "chexpert-13")
    #expect(pipeline.disclaimerAddition == nil)
    let high = pipeline.labelSet.findings.filter { pipeline.priority.level(of: $0) == .high }.map(\.name)
    #expect(high == ["pneumothorax"])
  }

  @Test func `the phantom pipeline asks for what phantoms show, with the prompts of its encoder`() throws {
    let pipeline = try Pipeline(loading: PackageRoot.path("Pipelines/phantom-demo.yaml"), windows: [])
    let names = pipeline.labelSet.findings.map(\.name)
    #expect(
      names == [
        "pneumothorax", "pleural-effusion", "cardiomegaly", "consolidation", "lung-lesion", "support-devices",
      ])
    let recipe = PackageRoot.path("SampleStudies/demo-encoder/recipe/prompts.json")
    // Without the recipe it is not checked that the prompts are those the encoder was trained on.
    guard let data = FileManager.default.contents(atPath: recipe) else { return }
    let prompts = try JSONDecoder().decode(TrainingPrompts.self, from: data)
    for finding in prompts.findings {
      let name = finding.name.replacing(" ", with: "-")
      let label = try #require(pipeline.labelSet.findings.first { $0.name == name })
      #expect(label.present == finding.present)
      #expect(label.absent == finding.absent)
    }
  }

  private struct TrainingPrompts: Decodable {
    struct Finding: Decodable {
      let name: String
      let present: [String]
      let absent: [String]
    }
    let findings: [Finding]
  }
}
