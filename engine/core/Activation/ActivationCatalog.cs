using System.Collections.Concurrent;
using Orleans.Configuration;
using OrleansCache.Engine.Directory;
using OrleansCache.Engine.Messaging;

namespace OrleansCache.Engine.Activation;

/// <summary>The activations of a silo.</summary>
internal sealed class ActivationCatalog(GrainClasses classes, ActivationShared shared, GrainCollectionOptions options) : ILocalActivations, IAsyncDisposable
{
    private readonly ConcurrentDictionary<GrainId, Activation> _activations = new();
    private readonly CancellationTokenSource _stopping = new();
    private long _lastNumber;
    private Task _collecting = Task.CompletedTask;
    private volatile bool _isClosed;

    public int Count => _activations.Count;

    public IEnumerable<RegisteredActivation> Registered =>
        _activations.Values.Where(activation => activation.IsRegistered).Select(activation => new RegisteredActivation { Grain = activation.GrainId, Activation = activation.Number });

    public IGrainContext? Find(GrainId grain) => _activations.GetValueOrDefault(grain);

    public void Start() => _collecting = CollectAsync(_stopping.Token);

    /// <summary>Gives a call to the activation that is here; false when there is none.</summary>
    public bool TryDeliver(Call call) => _activations.TryGetValue(call.Target, out var activation) && activation.TryEnqueue(call);

    /// <summary>Whether each silo answers for the grain by itself.</summary>
    public bool IsStateless(GrainId grain) => classes.Find(grain.Type) is { IsStateless: true };

    /// <summary>Gives a call to the activation that is here or begins; false when the silo begins none any more.</summary>
    /// <exception cref="OrleansMessageRejectionException">The silo does not have the grain's class.</exception>
    public bool TryActivate(Call call)
    {
        while (true)
        {
            if (TryDeliver(call)) return true;
            if (_isClosed) return false;
            var grainClass = classes.Find(call.Target.Type) ?? throw new OrleansMessageRejectionException($"No grain class of this silo has the type '{call.Target.Type}', which {call} needs.");
            var activation = new Activation(call.Target, grainClass, shared, Interlocked.Increment(ref _lastNumber));
            if (!_activations.TryAdd(call.Target, activation)) continue;
            activation.TryEnqueue(call);
            activation.Start();
            return true;
        }
    }

    public void Remove(Activation activation) => _activations.TryRemove(KeyValuePair.Create(activation.GrainId, activation));

    /// <summary>Begins no more activations and ends those that there are.</summary>
    public async Task StopAsync(CancellationToken token)
    {
        _isClosed = true;
        await _stopping.CancelAsync();
        await _collecting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (!_activations.IsEmpty)
        {
            var reason = new DeactivationReason(DeactivationReasonCode.ShuttingDown, "The silo is stopping.");
            var ends = new List<Task>();
            foreach (var activation in _activations.Values)
            {
                activation.Deactivate(reason, token);
                ends.Add(activation.Deactivated);
            }

            await Task.WhenAll(ends).WaitAsync(token);
        }
    }

    /// <summary>Forgets all activations without a farewell, as a crash would.</summary>
    public async ValueTask DisposeAsync()
    {
        _isClosed = true;
        await _stopping.CancelAsync();
        await _collecting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var activation in _activations.Values) activation.Abandon();
    }

    private async Task CollectAsync(CancellationToken token)
    {
        using var timer = new PeriodicTimer(options.CollectionQuantum, shared.Time);
        while (await timer.WaitForNextTickAsync(token))
        {
            foreach (var activation in _activations.Values) Collect(activation);
        }
    }

    private void Collect(Activation activation)
    {
        var grainClass = classes.Find(activation.GrainId.Type)!;
        if (grainClass.IsKeptAlive) return;
        var age = options.ClassSpecificCollectionAge.TryGetValue(grainClass.Type.FullName!, out var specific) ? specific : options.CollectionAge;
        var moment = shared.Timeouts.RoughNow - (long)(age.TotalSeconds * shared.Time.TimestampFrequency);
        if (activation.IsIdleSince(moment)) activation.Deactivate(new DeactivationReason(DeactivationReasonCode.ActivationIdle, $"Nobody called the grain for {age}."));
    }
}
