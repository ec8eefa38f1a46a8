using OrleansCache.Engine.Tests.Support;

namespace OrleansCache.Engine.Tests.Errors;

/// <inheritdoc cref="IFaultyGrain"/>
[PlaceByKey]
public sealed class FaultyGrain : Grain, IFaultyGrain
{
    /// <inheritdoc/>
    public async Task ThrowOwn(string message, string shelf, int row)
    {
        await Task.Yield();
        throw new ShelfException(message, new InvalidOperationException("the cause")) { Shelf = shelf, Row = row, Data = { ["note"] = "a note" } };
    }

    /// <inheritdoc/>
    public ValueTask<int> ThrowAtOnce(string message) => throw new ShelfException(message);

    /// <inheritdoc/>
    public Task ThrowUnsendable(string message) => throw new UnsendableException(message);

    /// <inheritdoc/>
    public Task ThrowFrameworks(string message) => throw new KeyNotFoundException(message);

    /// <inheritdoc/>
    public Task ThrowThrough(string other) => GrainFactory.GetGrain<IFaultyGrain>(other).ThrowOwn("through", "s", 1);

    /// <inheritdoc/>
    public Task<bool> Works() => Task.FromResult(true);
}
