using OrleansCache.Engine.Tests.Support;

namespace OrleansCache.Engine.Tests.Values;

/// <inheritdoc cref="IShelfGrain"/>
[PlaceByKey]
public sealed class ShelfGrain(StageDoor door) : Grain, IShelfGrain
{
    private Crate _crate = new();
    private List<int> _list = [];

    /// <summary>The very parcel that it keeps.</summary>
    public Parcel? Parcel { get; private set; }

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        door.Stage.Contexts[this.GetPrimaryKeyString()] = GrainContext;
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task Keep(Crate crate)
    {
        _crate = crate;
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<Crate> Give() => Task.FromResult(_crate);

    /// <inheritdoc/>
    public Task Spoil()
    {
        _crate.Spoil();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<string> Describe() => Task.FromResult(_crate.Describe());

    /// <inheritdoc/>
    public Task KeepList(List<int> list)
    {
        _list = list;
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<List<int>> GiveList() => Task.FromResult(_list);

    /// <inheritdoc/>
    public async Task<string> Pass(string to, Crate crate)
    {
        var other = GrainFactory.GetGrain<IShelfGrain>(to);
        await other.Keep(crate);
        crate.Spoil();
        return await other.Describe();
    }

    /// <inheritdoc/>
    public Task KeepParcel(Parcel parcel)
    {
        Parcel = parcel;
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<Parcel?> GiveParcel() => Task.FromResult(Parcel);

    /// <inheritdoc/>
    public Task<Parcel?> Return(Parcel? parcel) => Task.FromResult(parcel);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Parcel>> ReturnAll(IReadOnlyList<Parcel> parcels) => ValueTask.FromResult(parcels);
}
