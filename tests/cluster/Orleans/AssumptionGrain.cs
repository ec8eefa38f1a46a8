using System.Collections.Concurrent;
using Orleans.Concurrency;
using Orleans.Placement;

namespace OrleansCache.Tests.Orleans;

/// <summary>The grain of <see cref="OrleansAssumptionsTests"/>.</summary>
internal interface IAssumptionGrain : IGrainWithStringKey
{
    /// <summary>Calls an observer and waits for its answer.</summary>
    Task CallAsync(INearObserver observer);

    /// <summary>The activation's own id.</summary>
    Task<Guid> WhoAsync();

    /// <summary>Deactivates the grain after this call.</summary>
    Task LeaveAsync();

    /// <summary>Sends a row to another grain on the same silo; true if it arrived there and came back as the same payload array.</summary>
    Task<(bool Sent, bool Returned)> PassPayloadAsync(string receiver);

    /// <summary>Returns the row, and whether it has the payload array that was sent.</summary>
    Task<ReceivedRow> ReceiveAsync(CachedRow row);

    /// <summary>Waits for <see cref="OpenAsync"/>.</summary>
    [AlwaysInterleave]
    ValueTask WaitAsync();

    /// <summary>Lets <see cref="WaitAsync"/> end; false if it has not begun.</summary>
    [AlwaysInterleave]
    ValueTask<bool> OpenAsync();
}

[GenerateSerializer, Immutable]
public sealed record ReceivedRow([property: Id(0)] CachedRow Row, [property: Id(1)] bool IsSame);

[PreferLocalPlacement]
internal sealed class AssumptionGrain : Grain, IAssumptionGrain
{
    // The silos of these tests are in one process, so a test and its grain share these.
    private static readonly ConcurrentDictionary<string, (TaskCompletionSource Begun, TaskCompletionSource Gate)> Deactivations = new();
    private static readonly byte[] Payload = new byte[100];

    private readonly Guid _id = Guid.NewGuid();
    private TaskCompletionSource? _waiting;

    /// <summary>Holds the next deactivation of a grain.</summary>
    /// <returns>A task that completes when the deactivation has begun, and the source that lets it continue.</returns>
    public static (Task Begun, TaskCompletionSource Gate) HoldDeactivation(string key)
    {
        var hold = (Begun: NewSource(), Gate: NewSource());
        Deactivations[key] = hold;
        return (hold.Begun.Task, hold.Gate);
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (!Deactivations.TryRemove(this.GetPrimaryKeyString(), out var hold))
            return;
        hold.Begun.SetResult();
        await hold.Gate.Task.WaitAsync(cancellationToken);
    }

    public Task CallAsync(INearObserver observer) => observer.RevokeAsync(["a key"]);

    public Task<Guid> WhoAsync() => Task.FromResult(_id);

    public Task LeaveAsync()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public async Task<(bool Sent, bool Returned)> PassPayloadAsync(string receiver)
    {
        var received = await GrainFactory.GetGrain<IAssumptionGrain>(receiver).ReceiveAsync(new("a key", new(1, Guid.NewGuid()), Payload));
        return (received.IsSame, ReferenceEquals(received.Row.Payload, Payload));
    }

    public Task<ReceivedRow> ReceiveAsync(CachedRow row) => Task.FromResult(new ReceivedRow(row, ReferenceEquals(row.Payload, Payload)));

    public async ValueTask WaitAsync()
    {
        _waiting = NewSource();
        await _waiting.Task;
    }

    public ValueTask<bool> OpenAsync() => new(_waiting?.TrySetResult() ?? false);

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
