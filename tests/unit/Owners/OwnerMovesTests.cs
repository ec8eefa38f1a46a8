using OrleansCache.Owners;
using OrleansCache.TestSupport;

namespace OrleansCache.Tests.Owners;

public sealed class OwnerMovesTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public void Owners_that_want_to_leave_at_the_same_moment_each_have_a_turn_of_their_own()
    {
        var moves = new OwnerMoves(_time);

        Assert.Equal([0, 1, 2, 3], Enumerable.Range(0, 4).Select(_ => moves.NextTurn() / OwnerTimeouts.BetweenMoves));

        _time.Advance(OwnerTimeouts.BetweenMoves);
        Assert.Equal(3 * OwnerTimeouts.BetweenMoves, moves.NextTurn());
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(TimeSpan.Zero, moves.NextTurn());
    }
}
