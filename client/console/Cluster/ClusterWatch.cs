using OrleansCache.LocalClusters;

namespace OrleansCache.Cli.Cluster;

/// <summary>
/// Watches a running cluster. When a process ends, reports it with the command that starts it again, or restarts it. One that is not
/// restarted is watched again once it was started from the page.
/// </summary>
internal sealed class ClusterWatch(ProcessCluster cluster, bool restart, SwitchedOff off, Action<string> say)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    // The silos that have ended by themselves and have not been started again.
    private int _lost;

    /// <summary>Watches until it is cancelled, or until no silo runs and none will be restarted.</summary>
    /// <returns>The <see cref="ConsoleExitCode"/>.</returns>
    public async Task<int> RunAsync(CancellationToken ending)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ending);
        var noneLeft = new TaskCompletionSource();
        var silos = Task.WhenAll(cluster.Silos.Select(silo => WatchSiloAsync(silo, noneLeft, stop.Token)));
        var nodes = cluster.Regions.Select(region => WatchRedisAsync(region, stop.Token));
        var others = Task.WhenAll(nodes.Append(WatchClusteringAsync(stop.Token)));
        await Task.WhenAny(silos, noneLeft.Task).ConfigureAwait(false);
        var code = ConsoleExitCode.Done;
        if (!ending.IsCancellationRequested)
        {
            say("no silo is left");
            code = ConsoleExitCode.Unavailable;
        }

        await stop.CancelAsync().ConfigureAwait(false);
        await silos.ConfigureAwait(false);
        await others.ConfigureAwait(false);
        return code;
    }

    private async Task WatchSiloAsync(SiloProcess silo, TaskCompletionSource noneLeft, CancellationToken ending)
    {
        while (await EndedAsync(silo.Ended, ending).ConfigureAwait(false))
        {
            if (off.Contains(silo.Name))
            {
                say($"{silo.Name} was ended from the page");
                if (!await BackAsync(silo.Name, ending).ConfigureAwait(false))
                    return;
                silo = cluster.Silo(silo.Name);
                say($"{silo.Name} runs again");
                continue;
            }

            var code = await silo.Ended.ConfigureAwait(false);
            var how = code > 128 ? $"was ended by signal {code - 128}" : $"ended with exit code {code}";
            if (!restart)
            {
                say($"{silo.Name} {how}; to start it again: {silo.CommandLine}");
                off.Add(silo.Name);
                if (Interlocked.Increment(ref _lost) == cluster.Silos.Count)
                    noneLeft.TrySetResult();
                if (!await BackAsync(silo.Name, ending).ConfigureAwait(false))
                    return;
                Interlocked.Decrement(ref _lost);
                silo = cluster.Silo(silo.Name);
                say($"{silo.Name} runs again");
                continue;
            }

            say($"{silo.Name} {how}; restarting it");
            if (await AgainAsync(silo.Name, () => cluster.RestartSiloAsync(silo.Name, ending), ending).ConfigureAwait(false))
                silo = cluster.Silo(silo.Name);
            else
                return;
        }
    }

    private Task WatchRedisAsync(string region, CancellationToken ending) =>
        WatchServerAsync($"the Redis of {region}", $"redis {region}", "lookups go on without it", cluster.Redis(region), ending);

    private Task WatchClusteringAsync(CancellationToken ending) =>
        WatchServerAsync(
            "the clustering Redis", "redis clustering", "lookups go on, silos cannot join or leave", cluster.ClusteringRedis, ending);

    private async Task WatchServerAsync(string name, string key, string effect, LocalRedisServer server, CancellationToken ending)
    {
        while (await EndedAsync(server.Ended, ending).ConfigureAwait(false))
        {
            if (off.Contains(key))
            {
                say($"{name} was ended from the page");
                if (!await BackAsync(key, ending).ConfigureAwait(false))
                    return;
                say($"{name} runs again");
                continue;
            }

            if (!restart)
            {
                say($"{name} has ended; {effect}; to start it again: redis-server --port {server.Port} --bind 127.0.0.1 --save ''");
                off.Add(key);
                if (!await BackAsync(key, ending).ConfigureAwait(false))
                    return;
                say($"{name} runs again");
                continue;
            }

            say($"{name} has ended; {effect}; restarting it");
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
                // A process that ends as soon as it starts must not be restarted in a tight loop.
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

    /// <summary>Waits until a process that was ended on purpose runs again; false when the watch has ended before.</summary>
    private async Task<bool> BackAsync(string key, CancellationToken ending)
    {
        await off.BackAsync(key, ending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !ending.IsCancellationRequested;
    }

    /// <summary>Waits for the process or the watch to end; true if it was the process.</summary>
    private static async Task<bool> EndedAsync(Task ended, CancellationToken ending)
    {
        await ended.WaitAsync(ending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return ended.IsCompleted && !ending.IsCancellationRequested;
    }
}
