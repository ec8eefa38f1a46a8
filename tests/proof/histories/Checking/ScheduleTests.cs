using OrleansCache.Proof.Schedules;

namespace OrleansCache.Proof.Checking;

public sealed class ScheduleTests
{
    private static readonly string[] Silos = ["europe-1", "asia-1", "asia-2"];

    [Fact]
    public void The_generator_gives_the_published_numbers()
    {
        var random = new SplitMix64(1234567);

        ulong[] numbers = [.. Enumerable.Range(0, 5).Select(_ => random.Next())];

        Assert.Equal([6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821], numbers);
    }

    [Fact]
    public void A_seed_gives_the_same_schedule_for_ever() =>
        Assert.Equal(
            """
            seed 42
            2.354 KillSilo europe-1
            2.949 SqlEdit book::1
            4.299 SqlEdit book::1
            6.083 SqlEdit book::2
            6.842 SqlEdit book::1
            9.736 KillSilo asia-1
            10.421 KillSilo asia-2
            """.ReplaceLineEndings("\n"),
            Made(42, TimeSpan.FromSeconds(12)).ToString());

    [Fact]
    public void Another_seed_gives_another_schedule() =>
        Assert.NotEqual(Made(1, TimeSpan.FromMinutes(1)).Faults, Made(2, TimeSpan.FromMinutes(1)).Faults);

    [Fact]
    public void Faults_keep_their_gaps_and_durations_and_end_with_the_run()
    {
        var length = TimeSpan.FromMinutes(10);
        var faults = Made(7, length).Faults;

        Assert.All(faults.Zip(faults.Skip(1)), pair => Assert.InRange((pair.Second.At - pair.First.At).TotalMilliseconds, 500, 3000));
        Assert.All(faults, fault => Assert.True(fault.At + fault.Duration <= length));
        Assert.All(faults.Where(fault => fault.Fault == Fault.PauseSilo && fault.At < length - TimeSpan.FromSeconds(12)),
            fault => Assert.InRange(fault.Duration.TotalSeconds, 1, 12));
    }

    [Fact]
    public void Weights_decide_how_often_a_fault_is_chosen()
    {
        var faults = Made(3, TimeSpan.FromHours(5)).Faults;

        double Share(Fault fault) => faults.Count(chosen => chosen.Fault == fault) / (double)faults.Count;
        Assert.InRange(Share(Fault.KillSilo), 0.22, 0.32);
        Assert.InRange(Share(Fault.SqlEdit), 0.50, 0.60);
        Assert.InRange(Share(Fault.KillAtPoint("after-commit")), 0.05, 0.15);
        Assert.Equal(0, Share(Fault.HangRedis));
        var killed = faults.Where(fault => fault.Fault == Fault.KillSilo).Select(fault => fault.Target).Distinct();
        Assert.Equal(Silos, killed.OrderBy(name => Array.IndexOf(Silos, name)));
    }

    [Fact]
    public void A_schedule_without_choices_is_empty() =>
        Assert.Empty(Schedule.From(1, TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2)).Faults);

    private static Schedule Made(ulong seed, TimeSpan length) => Schedule.From(
        seed, length, TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(3),
        new FaultChoice(Fault.KillSilo, 2, Silos),
        new FaultChoice(Fault.PauseSilo, 1, Silos, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(12)),
        new FaultChoice(Fault.KillSilo, 1, Silos),
        new FaultChoice(Fault.HangRedis, 0, "redis-1"),
        new FaultChoice(Fault.KillAtPoint("after-commit"), 1, "owner"),
        new FaultChoice(Fault.SqlEdit, 6, "book::1", "book::2"));
}
