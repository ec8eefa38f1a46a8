namespace OrleansCache.Tests.Catalogs;

/// <summary>Settings that all silos of a cluster have alike.</summary>
public abstract class ClusterSettingsContract(TestDatabase database) : CatalogContract(database)
{
    [CatalogFact]
    public async Task The_first_values_count_for_all_until_they_are_forgotten()
    {
        Assert.Equal(Settings(("slots", "64"), ("home", "europe")), await AgreeAsync(("slots", "64"), ("home", "europe")));
        Assert.Equal(Settings(("slots", "64"), ("new", "1")), await AgreeAsync(("slots", "128"), ("new", "1")));
        Assert.Equal(Settings(("home", "europe"), ("new", "1")), await AgreeAsync(("new", ""), ("home", "asia")));
        Assert.Empty(await AgreeAsync());

        var forgotten = await Catalog.ForgetSettingsAsync(CancellationToken.None);

        Assert.Equal(Settings(("slots", "64"), ("home", "europe"), ("new", "1")), forgotten);
        Assert.Empty(await Catalog.ForgetSettingsAsync(CancellationToken.None));
        Assert.Equal(Settings(("slots", "128")), await AgreeAsync(("slots", "128")));
    }

    [CatalogFact]
    public async Task Silos_that_start_at_once_all_get_the_same_values()
    {
        for (var round = 0; round < 5; round++)
        {
            var catalogs = Enumerable.Range(0, 6).Select(_ => Open()).ToArray();
            var agreed = await Task.WhenAll(catalogs.Select((catalog, silo) => Task.Run(() => catalog.AgreeOnSettingsAsync(
                Settings([.. Enumerable.Range(0, 5).Select(name => ($"{(name * silo) % 5}", $"{silo}")).DistinctBy(pair => pair.Item1)]),
                CancellationToken.None)))).WaitAsync(Patience);

            foreach (var name in agreed.SelectMany(settings => settings.Keys).Distinct())
                Assert.Single(agreed.Where(settings => settings.ContainsKey(name)).Select(settings => settings[name]).Distinct());
            await Catalog.ForgetSettingsAsync(CancellationToken.None);
        }
    }

    private static Dictionary<string, string> Settings(params (string Name, string Value)[] settings) =>
        settings.ToDictionary(setting => setting.Name, setting => setting.Value);

    private async Task<Dictionary<string, string>> AgreeAsync(params (string Name, string Value)[] mine) =>
        new(await Catalog.AgreeOnSettingsAsync(Settings(mine), CancellationToken.None));
}
