import DICOMCore
import Foundation
import PipelineDefinitions
import PixelTransforms
import TestSupport
import Testing

/// The windows that ship in `Windowing/`.
struct WindowingFilesTests {
  private let catalog: WindowCatalog

  init() throws {
    catalog = try WindowCatalog(loading: PackageRoot.path("Windowing"))
  }

  @Test("the CT default of the product is the one in the file")
  func defaultWindow() {
    #expect(catalog.window(named: "ct-medsiglip") == .ctMedSigLIP)
  }

  @Test("every window can be applied to an image of its modalities")
  func usable() throws {
    #expect(catalog.windows.count >= 13)
    for window in catalog.windows {
      for modality in window.modalities {
        var dataSet = Samples.windowed(center: "1", width: "2", slope: "1", intercept: "-2000")
        dataSet.set(.modality, .cs, modality)
        dataSet.set(.units, .cs, window.unit)
        let stored = [0, 4095]
        let image = try Samples.display(Samples.gray(stored, stored: 12), dataSet, window: .named(window))
        #expect(image.values.first == 0)
        #expect(image.values.last == 1)
      }
    }
  }

  @Test("the percentiles of the built-in choice are those of the file for MR")
  func seriesPercentiles() {
    #expect(catalog.window(named: "mr-series")?.values == .percentiles(.series))
  }

  @Test("the README lists every window with its numbers")
  func documented() throws {
    let readme = try String(contentsOfFile: PackageRoot.path("Windowing/README.md"), encoding: .utf8)
    for window in catalog.windows {
      if case .percentiles(let range) = window.values {
        #expect(
          readme.contains(
            "| `\(window.name)` | \(range.lower.formatted()) to \(range.upper.formatted()) of the \(range.scope.rawValue) |"
          ))
        continue
      }
      let widths = window.channels.map { "\(Int($0.width))" }.joined(separator: ", ")
      let centers = window.channels.map { "\(Int($0.center))" }.joined(separator: ", ")
      #expect(readme.contains("| `\(window.name)` | \(centers) | \(widths) |"))
    }
  }
}
