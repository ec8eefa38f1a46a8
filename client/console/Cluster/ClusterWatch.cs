using OrleansCache.LocalClusters;

namespace OrleansCache.Cli.Cluster;

/// <summary>Watches a running cluster: says in one line when a part of it ends, and how to have it back, or starts it again.</summary>
internal sealed class ClusterWatch(ProcessCluster cluster, bool restart, Action<string> say)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Watches until it is told to end, or no silo is left and none will be.</summary>
    /// <returns>The <see cref="ExitCode"/>.</returns>
    public async Task<int> RunAsync(CancellationToken ending)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ending);
        var silos = Task.WhenAll(cluster.Silos.Select(silo => WatchSiloAsync(silo, stop.Token)));
        var others = Task.WhenAll([.. cluster.Regions.Select(region => WatchRedisAsync(region, stop.Token)), WatchClusteringAsync(stop.Token)]);
        await silos.ConfigureAwait(false);
        var code = ExitCode.Done;
        if (!ending.IsCancellationRequested)
        {
            say("no silo is left");
            code = ExitCode.Unavailable;
        }

        await stop.CancelAsync().ConfigureAwait(false);
        await others.ConfigureAwait(false);
        return code;
    }

    private async Task WatchSiloAsync(SiloProcess silo, CancellationToken ending)
    {
        while (await EndedAsync(silo.Ended, ending).ConfigureAwait(false))
        {
            var how = await silo.Ended.ConfigureAwait(false) is > 128 and var code ? $"was ended by signal {code - 128}" : $"ended with exit code {await silo.Ended.ConfigureAwait(false)}";
            if (!restart)
            {
                say($"{silo.Name} {how}; to have it back: {silo.CommandLine}");
                return;
            }

            say($"{silo.Name} {how}; it is started again");
            if (await AgainAsync(silo.Name, () => cluster.RestartSiloAsync(silo.Name, ending), ending).ConfigureAwait(false))
                silo = cluster.Silo(silo.Name);
            else
                return;
        }
    }

    private Task WatchRedisAsync(string region, CancellationToken ending) =>
        WatchServerAsync($"the Redis of {region}", "lookups go on without it", cluster.Redis(region), ending);

    private Task WatchClusteringAsync(CancellationToken ending) =>
        WatchServerAsync("the clustering Redis", "lookups go on, silos cannot join or leave", cluster.ClusteringRedis, ending);

    private async Task WatchServerAsync(string name, string effect, LocalRedisServer server, CancellationToken ending)
    {
        while (await EndedAsync(server.Ended, ending).ConfigureAwait(false))
        {
            if (!restart)
            {
                say($"{name} has ended; {effect}; to have it back: redis-server --port {server.Port} --bind 127.0.0.1 --save ''");
                return;
            }

            say($"{name} has ended; {effect}; it is started again");
            if (!await AgainAsync(name, () => server.RestartAsync(cancellation: ending), ending).ConfigureAwait(false))
                return;
        }
    }

    private async Task<bool> AgainAsync(string name, Func<Task> start, CancellationToken ending)
    {
        while (true)
        {
            try
            {
                // What ends as soon as it starts must not be started in a rush.
                await Task.Delay(Pause, ending).ConfigureAwait(false);
                await start().ConfigureAwait(false);
                return true;
            }
            catch (OperationCanceledException) when (ending.IsCancellationRequested)
            {
                return false;
            }
            catch (Exception error) when (error is SiloProcessException or InvalidOperationException)
            {
                say($"{name} did not start: {error.Message.ReplaceLineEndings(" ")}");
            }
        }
    }

    /// <summary>Whether something has ended, rather than the watch.</summary>
    private static async Task<bool> EndedAsync(Task ended, CancellationToken ending)
    {
        await ended.WaitAsync(ending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return ended.IsCompleted && !ending.IsCancellationRequested;
    }
}
