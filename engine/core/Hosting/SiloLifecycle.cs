using Microsoft.Extensions.Logging;

namespace OrleansCache.Engine.Hosting;

/// <summary>Starts what has subscribed stage by stage, and stops it in the reverse order.</summary>
internal sealed partial class SiloLifecycle(ILogger<SiloLifecycle> logger) : ISiloLifecycle
{
    private readonly Lock _gate = new();
    private readonly List<Subscription> _subscriptions = [];

    public int HighestCompletedStage { get; private set; } = int.MinValue;

    public int LowestStoppedStage { get; private set; } = int.MaxValue;

    public IDisposable Subscribe(string observerName, int stage, ILifecycleObserver observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        var subscription = new Subscription(this, observerName, stage, observer);
        lock (_gate) _subscriptions.Add(subscription);
        return subscription;
    }

    /// <summary>Runs all starts; when one fails, what has started is stopped again.</summary>
    public async Task StartAsync(CancellationToken token)
    {
        foreach (var stage in Stages().OrderBy(group => group.Key))
        {
            try
            {
                token.ThrowIfCancellationRequested();
                foreach (var subscription in stage) subscription.HasBegun = true;
                await Task.WhenAll(stage.Select(subscription => subscription.Observer.OnStart(token)));
                HighestCompletedStage = stage.Key;
            }
            catch (Exception exception)
            {
                LogStartFailed(stage.Key, string.Join(", ", stage.Select(subscription => subscription.Name)), exception);
                await StopAsync(token);
                throw;
            }
        }
    }

    /// <summary>Runs all stops; one that fails does not keep the others from running.</summary>
    public async Task StopAsync(CancellationToken token)
    {
        foreach (var stage in Stages().OrderByDescending(group => group.Key))
        {
            foreach (var subscription in stage.Where(subscription => subscription.HasBegun))
            {
                subscription.HasBegun = false;
                await StopAsync(subscription, token);
            }

            LowestStoppedStage = stage.Key;
        }
    }

    private async Task StopAsync(Subscription subscription, CancellationToken token)
    {
        try
        {
            await subscription.Observer.OnStop(token);
        }
        catch (Exception exception)
        {
            LogStopFailed(subscription.Name, subscription.Stage, exception);
        }
    }

    private List<IGrouping<int, Subscription>> Stages()
    {
        lock (_gate) return [.. _subscriptions.GroupBy(subscription => subscription.Stage)];
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The silo's start failed at stage {Stage} ({Names})")]
    private partial void LogStartFailed(int stage, string names, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Name} failed to stop at stage {Stage}")]
    private partial void LogStopFailed(string name, int stage, Exception exception);

    private sealed class Subscription(SiloLifecycle lifecycle, string name, int stage, ILifecycleObserver observer) : IDisposable
    {
        public string Name => name;

        public int Stage => stage;

        public ILifecycleObserver Observer => observer;

        public bool HasBegun { get; set; }

        public void Dispose()
        {
            lock (lifecycle._gate) lifecycle._subscriptions.Remove(this);
        }
    }
}
