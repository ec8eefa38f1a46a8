using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace OrleansCache.Engine.Membership;

/// <summary>The membership as text: a table's row, which people may read too, and a whole state.</summary>
internal static class MembershipText
{
    public static string WriteRow(MemberRow row) => JsonSerializer.Serialize(Plain(row));

    /// <exception cref="FormatException">The text is not a row.</exception>
    public static MemberRow ReadRow(string silo, string text)
    {
        try
        {
            return Row(silo, JsonSerializer.Deserialize<PlainRow>(text) ?? throw new FormatException("it is empty"));
        }
        catch (Exception exception) when (exception is JsonException or FormatException or ArgumentException)
        {
            throw new FormatException($"The membership table's row of {silo} cannot be read: {exception.Message}. Was it written by something else?", exception);
        }
    }

    public static string Write(MembershipState state) =>
        JsonSerializer.Serialize(new PlainState(state.TableId, state.Version, state.Rows.Values.ToDictionary(row => row.Silo.ToParsableString(), Plain)));

    /// <exception cref="FormatException">The text is not a state.</exception>
    public static MembershipState Read(string text)
    {
        try
        {
            var plain = JsonSerializer.Deserialize<PlainState>(text) ?? throw new FormatException("it is empty");
            return new MembershipState(plain.Table, plain.Version, plain.Silos.Select(pair => Row(pair.Key, pair.Value)).ToImmutableDictionary(row => row.Silo));
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            throw new FormatException($"A state of the membership cannot be read: {exception.Message}", exception);
        }
    }

    private static PlainRow Plain(MemberRow row) =>
        new(row.Name, row.Status.ToString(), row.GatewayPort, row.Started, [.. row.Votes.Select(vote => new PlainVote(vote.Voter.ToParsableString(), vote.At))]);

    private static MemberRow Row(string silo, PlainRow plain) => new(
        SiloAddress.FromParsableString(silo), plain.Name, Enum.Parse<SiloStatus>(plain.Status), plain.Gateway, plain.Started,
        [.. plain.Votes.Select(vote => new DeathVote(SiloAddress.FromParsableString(vote.By), vote.At))]);

    /// <summary>A version as the table has it.</summary>
    public static string WriteVersion(long version) => version.ToString(CultureInfo.InvariantCulture);

    private sealed record PlainState(string Table, long Version, Dictionary<string, PlainRow> Silos);

    private sealed record PlainRow(string Name, string Status, int Gateway, DateTimeOffset Started, PlainVote[] Votes);

    private sealed record PlainVote(string By, DateTimeOffset At);
}
