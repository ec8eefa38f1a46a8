using Xunit;
using Xunit.Sdk;

namespace OrleansCache.Tests.Catalogs;

/// <summary>A test that every catalog must pass; where the class needs a PostgreSQL server and there is none, it is reported as skipped.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("OrleansCache.Tests.Catalogs.CatalogFactDiscoverer", "OrleansCache.Cluster.Tests")]
public sealed class CatalogFactAttribute : FactAttribute;
