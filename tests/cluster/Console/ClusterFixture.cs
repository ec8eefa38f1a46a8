using OrleansCache.Cli.Sessions;
using OrleansCache.LocalClusters;
using Xunit;

namespace OrleansCache.Tests.Console;

/// <summary>One local cluster with the shipped books for all tests of the console.</summary>
public sealed class ClusterFixture : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("orleanscache-tests-");
    private LocalSessionSource _sessions = null!;

    internal ISessionSource Sessions => _sessions;

    internal LocalSession Session => (LocalSession)_sessions.Current!;

    internal List<string> Notices { get; } = [];

    internal string Folder => _folder.FullName;

    public async Task InitializeAsync()
    {
        // The first start creates the folder.
        _sessions = new LocalSessionSource(() => new LocalClusterOptions
        {
            CatalogPath = Path.Combine(Folder, "deeper", "catalog.db"),
            Nodes = LocalNodes.Memory,
        });
        await _sessions.GetAsync(Notices.Add, CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        await _sessions.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
