using OrleansCache.Metadata.Tests.Comparison;
using OrleansCache.Metadata.Tests.Model;
using OrleansCache.Metadata.Tests.Reading;

namespace OrleansCache.Metadata.Tests;

/// <summary>The comparison finds every kind of difference. It is shown on this assembly's own types: those in Samples.Ours and Samples.Theirs take the same names.</summary>
public sealed class ComparerTests
{
    /// <summary>A pair of types, and the difference between them.</summary>
    public static TheoryData<string, string> Differences => new()
    {
        { "Kind", "is a struct, and there a class" },
        { "IsSealed", "modifiers is 'sealed', and there ''" },
        { "IsAbstract", "modifiers is '', and there 'abstract'" },
        { "IsStatic", "modifiers is 'sealed', and there 'static'" },
        { "Derives", "derives from System.ArgumentException, and there from System.InvalidOperationException" },
        { "Implements", "implements System.IDisposable, which it does not there" },
        { "Constrained`1", "type parameters is 'T : class', and there 'T : class, new()'" },
        { "IVariant`1", "type parameters is 'T', and there 'out T'" },
        { "IsReadOnly", "read-only is 'yes', and there ''" },
        { "IsByReference", "by reference only is '', and there 'yes'" },
        { "UsageAttribute", "attribute usage is '64', and there '64, AllowMultiple = True'" },
        { "Numbers", "field One: value is '1', and there '2'" },
        { "Names", "field Uno does not exist there" },
        { "Width", "field value__: type is 'System.Byte', and there 'System.Int32'" },
        { "Bits", "flags is 'yes', and there ''" },
        { "Delegate", "method Invoke(System.Int32) does not exist there" },
        { "Extra", "method Method() does not exist there" },
        { "Construction", "method .ctor() does not exist there" },
        { "Access", "access is 'public', and there 'protected'" },
        { "Instance", "modifiers is 'static', and there ''" },
        { "IsVirtual", "modifiers is '', and there 'virtual'" },
        { "HasAbstract", "modifiers is 'virtual', and there 'abstract'" },
        { "Overrides", "modifiers is 'override', and there 'virtual'" },
        { "Returns", "returns is 'System.Int32', and there 'System.Int64'" },
        { "ParameterType", "method Method(System.Int32) does not exist there" },
        { "ParameterName", "parameters is 'a', and there 'b'" },
        { "DefaultValue", "parameters is 'a = 1', and there 'a = 2'" },
        { "NoDefaultValue", "parameters is 'a = null', and there 'a'" },
        { "ByReference", "method Method(System.Int32&) does not exist there" },
        { "Out", "parameters is 'out a', and there 'ref a'" },
        { "In", "parameters is 'in a', and there 'ref a'" },
        { "Params", "parameters is 'params a', and there 'a'" },
        { "GenericMethod", "type parameters is 'T', and there 'T : System.ValueType" },
        { "Arity", "method Method`1() does not exist there" },
        { "Extension", "extension is 'yes', and there ''" },
        { "PropertyType", "type is 'System.Int32', and there 'System.Int64'" },
        { "Setter", "set is 'public', and there ''" },
        { "Init", "set is 'public init', and there 'public'" },
        { "Getter", "get is 'public', and there 'protected'" },
        { "Required", "required is '', and there 'yes'" },
        { "Indexer", "property Item[System.Int32] does not exist there" },
        { "Event", "type is 'System.EventHandler', and there 'System.Action'" },
        { "Field", "modifiers is 'static readonly', and there 'static'" },
        { "Constant", "value is '\"a\"', and there '\"b\"'" },
        { "FieldType", "type is 'System.Int32', and there 'System.Int64'" },
        { "Outdated", "obsolete is '', and there 'warning'" },
        { "Trial", "experimental is '', and there 'X1'" },
    };

    [Theory]
    [MemberData(nameof(Differences))]
    public void A_difference_is_found_and_named(string type, string expected)
    {
        var (mine, other, comparer) = Pair(type);

        var differences = comparer.Compare(mine, other).ToArray();

        Assert.Contains(differences, difference => difference.Contains(expected, StringComparison.Ordinal));
        Assert.All(differences, difference => Assert.StartsWith("Samples." + type, difference, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Same`1")]
    [InlineData("Same`1+Inner")]
    [InlineData("IIncomplete")]
    [InlineData("Incomplete")]
    public void What_is_the_same_is_not_complained_of_and_neither_is_what_only_they_have(string type)
    {
        var (mine, other, comparer) = Pair(type);

        Assert.Empty(comparer.Compare(mine, other));
    }

    [Fact]
    public void Every_sample_has_a_test()
    {
        var tested = Differences.Select(row => (string)row[0]).Concat(["Same`1", "Same`1+Inner", "IIncomplete", "Incomplete"]);

        Assert.Equal(tested.Select(name => "Samples." + name).Order(StringComparer.Ordinal), Read("Ours").Types.Select(type => type.Name));
    }

    [Fact]
    public void What_is_implemented_must_be_complete()
    {
        var (mine, other, _) = Pair("IIncomplete");

        Assert.Contains("there it has method OnlyThere()", Assert.Single(ApiComparer.CompareExactly(mine, other)), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_derived_from_must_have_what_is_abstract()
    {
        var (mine, other, _) = Pair("Incomplete");

        Assert.Contains("there it has method OnlyThere()", Assert.Single(ApiComparer.CompareAbstractMembers(mine, other)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_forwarded_type_is_found_where_it_went_or_the_place_is_named()
    {
        var type = Read("Ours").Types.First();
        var forwards = new Dictionary<string, string> { [type.Name] = "Elsewhere", ["Samples.Gone"] = "NotAtHand" };

        var index = new ApiIndex([type], forwards);

        Assert.Same(type, index.Find(type.Name));
        Assert.Null(index.WentTo(type.Name));
        Assert.Null(index.Find("Samples.Gone"));
        Assert.Equal("NotAtHand", index.WentTo("Samples.Gone"));
    }

    [Fact]
    public void Forwards_are_read()
    {
        // The framework's facade forwards nearly everything.
        using var facade = new AssemblyFile(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "System.Runtime.dll"));

        Assert.Equal("System.Private.CoreLib", facade.Forwards.First(forward => forward.Key == "System.Object").Value);
    }

    [Fact]
    public void Supertypes_are_read()
    {
        using var own = new AssemblyFile(typeof(ComparerTests).Assembly.Location);
        string[] supertypes = [.. own.Supertypes];

        Assert.Contains("System.IDisposable", supertypes);
        Assert.Contains("System.ArgumentException", supertypes);
        Assert.Contains("System.IEquatable`1", supertypes);
    }

    private static (ApiType Mine, ApiType Other, ApiComparer Comparer) Pair(string type)
    {
        var theirs = Read("Theirs");
        return (Read("Ours").Find("Samples." + type)!, theirs.Find("Samples." + type)!, new ApiComparer(theirs));
    }

    private static ApiIndex Read(string side)
    {
        const string Samples = "OrleansCache.Metadata.Tests.Samples.";
        using var file = new AssemblyFile(typeof(ComparerTests).Assembly.Location, name => name.Replace($"{Samples}{side}.", "Samples.", StringComparison.Ordinal));
        return new ApiIndex([.. file.Types.Where(type => type.Name.StartsWith("Samples.", StringComparison.Ordinal))], []);
    }
}
