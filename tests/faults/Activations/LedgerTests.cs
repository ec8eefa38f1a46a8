namespace OrleansCache.Tests.Faults.Activations;

public sealed class LedgerTests
{
    private readonly Ledger _ledger = new();

    [Fact]
    public void A_grain_that_moves_from_silo_to_silo_is_no_double()
    {
        _ledger.Read("europe.1", "12:00:00.000 DEBUG owner/1 begins at 100");
        _ledger.Read("europe.1", "12:00:00.000 DEBUG owner/1 ends at 200");
        _ledger.Read("europe.2", "12:00:00.000 DEBUG owner/1 begins at 200");

        Assert.Empty(_ledger.Doubles());
        Assert.Equal(2, _ledger.Count);
    }

    [Fact]
    public void A_grain_that_begins_before_it_has_ended_elsewhere_is_a_double()
    {
        _ledger.Read("europe.2", "owner/1 begins at 150");
        _ledger.Read("europe.1", "owner/1 begins at 100");
        _ledger.Read("europe.1", "owner/1 ends at 200");
        _ledger.Read("europe.1", "owner/2 begins at 100");

        Assert.Contains("owner/1", Assert.Single(_ledger.Doubles()));
    }

    [Fact]
    public void A_book_may_be_active_twice()
    {
        _ledger.Read("europe.1", "book/europe/popular::1 begins at 100");
        _ledger.Read("europe.2", "book/europe/popular::1 begins at 150");

        Assert.Empty(_ledger.Doubles());
    }

    [Fact]
    public void Activations_end_with_their_process()
    {
        _ledger.Read("europe.1", "owner/7 begins at 100");
        _ledger.EndOf("europe.1", 150);
        _ledger.Read("europe.2", "owner/7 begins at 160");
        _ledger.EndOf("europe.2", 170);
        _ledger.Read("europe.1", "owner/7 begins at 180");

        Assert.Empty(_ledger.Doubles());
    }
}
