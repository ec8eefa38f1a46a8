using OrleansCache.LocalClusters;
using OrleansCache.Proof.Faults;
using OrleansCache.Proof.Histories;

namespace OrleansCache.Proof.Processes;

/// <summary>A process with readers of a region, seen from the test; <see cref="ClientProgram"/> is what it runs.</summary>
internal sealed class ClientProcess : IAsyncDisposable
{
    /// <summary>The first argument of such a process.</summary>
    public const string Command = "client";

    /// <summary>The order that ends all clients.</summary>
    public const string End = "End";

    /// <summary>The target of that order.</summary>
    public const string Everybody = "clients";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly GuardedProcess _process;
    private readonly string _history;

    private ClientProcess(GuardedProcess process, string name, string history) => (_process, Name, _history) = (process, name, history);

    public string Name { get; }

    /// <summary>Starts a process and waits until its readers are connected.</summary>
    /// <param name="region">The readers' region.</param>
    /// <param name="settings">The JSON file with a client's settings.</param>
    /// <param name="folder">The folder of the <see cref="FaultOrders"/>.</param>
    /// <param name="seed">Determines the readers' calls.</param>
    /// <param name="host">The host on which it runs.</param>
    public static async Task<ClientProcess> StartAsync(string region, string settings, string folder, ulong seed, NetworkHost host)
    {
        var name = NameOf(region);
        var history = Path.Combine(folder, $"{name}.history");
        var process = await GuardedProcess.StartAsync(new()
        {
            Host = host,
            Command =
            [
                Programs.DotNet, typeof(ClientProcess).Assembly.Location, Command,
                "--region", region, "--name", name, "--settings", settings, "--folder", folder, "--history", history, "--seed", $"{seed}",
            ],
        });
        var client = new ClientProcess(process, name, history);
        try
        {
            await process.WaitForLineAsync(ClientProgram.Ready).WaitAsync(Patience);
            return client;
        }
        catch (Exception error)
        {
            await client.DisposeAsync();
            throw new InvalidOperationException($"{name} was not ready: {string.Join(Environment.NewLine, process.Lines)}", error);
        }
    }

    public static string NameOf(string region) => $"client-{region}";

    public Task PauseAsync() => _process.PauseAsync();

    public Task ResumeAsync() => _process.ResumeAsync();

    /// <summary>The calls of its readers, after they were ordered to end and have ended.</summary>
    public async Task<IReadOnlyList<Call>> CallsAsync()
    {
        var code = await _process.Ended.WaitAsync(Patience);
        Assert.True(code == 0, $"{Name} ended with {code}: {string.Join(Environment.NewLine, _process.Lines)}");
        using var reader = new StreamReader(_history);
        return HistoryText.Read(reader);
    }

    /// <summary>The number of reads that near caches answered.</summary>
    public int NearHits() =>
        int.Parse(_process.Lines.Last(line => line.StartsWith(ClientProgram.Hits, StringComparison.Ordinal))[ClientProgram.Hits.Length..],
            System.Globalization.CultureInfo.InvariantCulture);

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
