using OrleansCache.Engine.Tests.Support;

namespace OrleansCache.Engine.Tests.Activation;

/// <inheritdoc cref="IGuestGrain"/>
public sealed class GuestGrain(StageDoor door) : Grain, IGuestGrain
{
    private readonly Guid _activation = Guid.NewGuid();
    private int _visits;
    private bool _slow;
    private bool _fail;

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        door.Stage.Contexts[this.GetPrimaryKeyString()] = GrainContext;
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        var key = this.GetPrimaryKeyString();
        if (_slow)
            await door.Stage.Gate(key).PassAsync(cancellationToken);
        door.Stage.Note(key + "/visits", _visits.ToString(System.Globalization.CultureInfo.InvariantCulture));
        door.Stage.Note(key, $"{reason.ReasonCode}: {reason.Description}");
        if (_fail)
            throw new InvalidOperationException("This farewell fails.");
    }

    /// <inheritdoc/>
    public Task<Guid> Activation() => Task.FromResult(_activation);

    /// <inheritdoc/>
    public async Task Visit(bool leave)
    {
        _visits++;
        if (leave)
            DeactivateOnIdle();
        await Task.Yield();
    }

    /// <inheritdoc/>
    public Task<Guid> LeaveSlowly(bool fail)
    {
        _slow = true;
        _fail = fail;
        DeactivateOnIdle();
        return Task.FromResult(_activation);
    }

    /// <inheritdoc/>
    public async Task<Guid> LeaveAndWait()
    {
        DeactivateOnIdle();
        await door.Stage.Gate(this.GetPrimaryKeyString() + "/call").PassAsync();
        door.Stage.Note(this.GetPrimaryKeyString(), "call ends");
        return _activation;
    }

    /// <inheritdoc/>
    public Task<Guid> Peek() => Task.FromResult(_activation);
}
