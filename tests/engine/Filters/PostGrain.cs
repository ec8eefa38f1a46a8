using OrleansCache.Engine.Tests.Errors;
using OrleansCache.Engine.Tests.Support;

namespace OrleansCache.Engine.Tests.Filters;

/// <inheritdoc cref="IPostGrain"/>
[PlaceByKey]
public sealed class PostGrain(StageDoor door) : Grain, IPostGrain
{
    private readonly List<string> _letters = [];

    /// <inheritdoc/>
    public Task<string> Send(string letter) => Task.FromResult(Note(letter));

    /// <inheritdoc/>
    public Task<string> SendBriefly(string letter, CancellationToken cancellationToken) => Send(letter);

    /// <inheritdoc/>
    public ValueTask<int> Weigh(string letter) => ValueTask.FromResult(Note(letter).Length);

    /// <inheritdoc/>
    public Task Deliver(string letter) => Send(letter);

    /// <inheritdoc/>
    public Task<string> Fail(string letter) => throw new ShelfException(Note(letter));

    /// <inheritdoc/>
    public Task Throw(string letter) => Send(letter);

    /// <inheritdoc/>
    public Task<string> Forward(string other, string letter) => GrainFactory.GetGrain<IPostGrain>(other).Send(letter);

    /// <inheritdoc/>
    public Task<List<string>> Letters() => Task.FromResult(_letters);

    private string Note(string letter)
    {
        _letters.Add(letter);
        door.Stage.Note(this.GetPrimaryKeyString(), letter);
        return $"{letter} received";
    }
}
